import { embedded } from '../../executable/embedded.js';
import { fileOption, parseWords, type GivenOption } from '../../tables/words.js';
import { append, newList } from '../lib/append.js';
import {
  StringPrototypeCharAt,
  StringPrototypeIncludes,
  StringPrototypeStartsWith,
} from '../lib/primordials.js';
import { resolveWords, splitWords, type Words } from './child-text.js';
import { bringingWord } from './bringing-word.js';
import { cString } from './c-string.js';
import type { Environment } from './child-environment.js';
import { clearingWord, mentionsEnv, withLoginFirst } from './clearing-word.js';
import { isOptionName, wordOfOptionName } from './given-name.js';
import { isApplication, isNode, isThisNode } from './node-file.js';
import { checkPassedFiles } from './passed-files.js';
import { newPlace, type Place } from './program-file.js';
import { withValues } from './shell-values.js';
import {
  refuseBringing,
  refuseClearing,
  refuseName,
  refuseNodeOptions,
  refuseOption,
  checkOptions,
} from './check-options.js';

/** A program that is about to be started. */
interface Start {
  readonly file: string;
  /** The program's own name, then its arguments. */
  readonly argv: readonly string[];
  readonly cwd: string | undefined;
  /** The environment that the program will have. */
  readonly environment: Environment;
  /** What the program gets as its fds: `stdio`, as Node's C++ side reads it. */
  readonly streams?: unknown;
}

/** An option that acts before a preload could check anything. */
const actsBefore = ({ row }: GivenOption): boolean =>
  row?.effect === 'before-javascript' ||
  row?.effect === 'carries-options' ||
  row?.effect === 'inspector';

/** A single executable application may look for options of Node in all words that begin so. */
const namesNodeOptions = (word: string): boolean =>
  StringPrototypeStartsWith(word, '--node-options=');

/** Whether such an option occurs anywhere among the words. */
function mentionsOne(words: readonly string[]): boolean {
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string;
    if (StringPrototypeCharAt(word, 0) !== '-') continue;
    if (fileOption([word]) !== undefined || namesNodeOptions(word)) return true;
    // A program's path can begin with two dashes, too.
    if (isOptionName(word) && StringPrototypeIncludes(word, '/')) return true;
    const option = parseWords([word]).options[0];
    if (option !== undefined && actsBefore(option)) return true;
  }
  return false;
}

/** In the text of a shell, a Node may read every option that comes after it. */
function checkText(words: readonly string[], inText: readonly boolean[], from: number): void {
  for (let i = from; i < words.length; i++) {
    if (words[i] === '--') return;
    if (inText[i] !== true) continue;
    const option = parseWords([words[i] as string]).options[0];
    if (option !== undefined && actsBefore(option)) checkOptions([option]);
  }
}

/**
 * Checks a program that may start Node, such as `env` or a shell. It must not remove the preload.
 * The preload in that Node checks everything else.
 */
function followWords({ list: words, inText }: Words, place: Place): void {
  const { length } = words;
  if (
    !mentionsOne(words) &&
    clearingWord(words, length) === undefined &&
    bringingWord(words, length) === undefined &&
    wordOfOptionName(words, length) === undefined
  ) {
    return;
  }
  let isBehindApplication = false;
  for (let i = 0; i < words.length; i++) {
    const program = words[i] as string;
    if (isBehindApplication && namesNodeOptions(program)) refuseNodeOptions(program);
    if (isApplication(program, place)) isBehindApplication = true;
    if (!isNode(program, place)) continue;
    const named = wordOfOptionName(words, i) ?? (isOptionName(program) ? program : undefined);
    if (named !== undefined) refuseName(named);
    const clearing = clearingWord(words, i);
    if (clearing !== undefined) refuseClearing(clearing);
    const bringing = bringingWord(words, i);
    if (bringing !== undefined) refuseBringing(bringing);
    const rest: string[] = newList();
    for (let j = i + 1; j < words.length; j++) append(rest, words[j] as string);
    const { options } = parseWords(rest);
    for (let j = 0; j < options.length; j++) {
      const option = options[j] as GivenOption;
      if (actsBefore(option)) checkOptions([option]);
    }
    checkText(words, inText, i + 1);
    const reads = fileOption(rest);
    if (reads !== undefined) refuseOption(reads.name, reads);
  }
}

/** Checks words that are split as texts, and returns them. */
function followTexts(
  words: readonly string[],
  hasEnv: boolean,
  place: Place,
  had?: readonly boolean[],
): Words {
  const pieces = splitWords(words, false, place, had);
  followWords(pieces, place);
  // A shell reads `\_` in another way than env(1), and may start env(1).
  if (hasEnv || mentionsEnv(pieces.list)) followWords(splitWords(words, true, place, had), place);
  return pieces;
}

/** The words as C code reads them. */
function cStrings({ file, argv, cwd, environment, streams }: Start): Start {
  const words: string[] = newList();
  for (let i = 0; i < argv.length; i++) append(words, cString(argv[i] as string));
  return {
    file: cString(file),
    argv: words,
    cwd: cString(cwd),
    environment,
    streams,
  };
}

function refuseNameOf(argv: readonly string[]): void {
  const name = argv.length === 0 ? '' : (argv[0] as string);
  if (isOptionName(name)) refuseName(name);
}

/** Throws ExecDeniedError for a Node with an option that a restriction refuses. */
export function checkStartOf(given: Start): void {
  const start = cStrings(given);
  const { file, argv, environment } = start;
  const place = newPlace(start.cwd, cString(environment['PATH']));
  checkPassedFiles(start.streams, [file], place);
  // The executable of build-node checks its own options. The test runner passes it options of Node.
  if (embedded !== undefined && isThisNode(file, place)) return;
  // argv[0] may be any other name.
  const list: string[] = newList();
  append(list, file);
  if (isNode(file, place)) {
    refuseNameOf(argv);
    checkOptions(parseWords(argv, 1).options);
    const reads = fileOption(argv);
    if (reads !== undefined) refuseOption(reads.name, reads);
    // It may be a script. The checked words are for Node, not for the script's interpreter.
  } else {
    if (isApplication(file, place)) {
      refuseNameOf(argv);
      const reads = fileOption(argv);
      if (reads !== undefined) refuseOption(reads.name, reads);
      for (let i = 1; i < argv.length; i++)
        if (namesNodeOptions(argv[i] as string)) refuseNodeOptions(argv[i] as string);
    }
    for (let i = 1; i < argv.length; i++) append(list, argv[i] as string);
  }
  const words = withLoginFirst(list);
  const resolved = resolveWords(words, place);
  followWords(resolved, place);
  const hasEnv = mentionsEnv(resolved.list);
  const pieces = followTexts(words, hasEnv, place);
  checkPassedFiles(start.streams, resolved.list, place);
  checkPassedFiles(start.streams, pieces.list, place);
  const values = withValues(words, environment);
  if (values === undefined) return;
  const own = followTexts(values.list, hasEnv, place, values.inText);
  checkPassedFiles(start.streams, own.list, place);
}
