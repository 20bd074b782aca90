import { embedded } from '../../executable/embedded.js';
import { fileOption, parseWords, type GivenOption } from '../../tables/words.js';
import { append } from '../lib/append.js';
import { StringPrototypeCharAt } from '../lib/primordials.js';
import { clearingWord, mentionsEnv } from './clearing-word.js';
import { isNode, isThisNode } from './node-file.js';
import { refuseClearing, refuseOption, refuseOptions } from './refuse-options.js';

/** A program that is about to be started. */
export interface Start {
  readonly file: string;
  /** The program's own name, then its arguments. */
  readonly argv: readonly string[];
  readonly cwd: string | undefined;
  /** The PATH that the program will have. */
  readonly path: string | undefined;
}

/** Characters that end a word in a shell's text. native/run/words.c reads it in the same way. */
const ENDS_WORD = ' \t\n;&|(){}`$<>';
const QUOTES = '"\'\\';

function contains(characters: string, character: string): boolean {
  for (let i = 0; i < characters.length; i++) {
    if (StringPrototypeCharAt(characters, i) === character) return true;
  }
  return false;
}

/**
 * The words that a shell could split a text into. The values of its variables are unknown.
 * To `env -S` a backslash and an underscore are a space.
 */
function splitText(text: string, forEnv: boolean, into: string[]): void {
  let word = '';
  for (let i = 0; i < text.length; i++) {
    let character = StringPrototypeCharAt(text, i);
    if (character === '\\') {
      const next = StringPrototypeCharAt(text, i + 1);
      // The line goes on.
      if (next === '\n') i++;
      else if (next === '_' && forEnv) {
        character = ' ';
        i++;
      }
    }
    if (contains(ENDS_WORD, character)) {
      if (word !== '') append(into, word);
      word = '';
    } else if (!contains(QUOTES, character)) word += character;
  }
  if (word !== '') append(into, word);
}

/** The first option that brings in code or options before a preload could check them. */
function actsBefore(options: readonly GivenOption[]): GivenOption | undefined {
  for (let i = 0; i < options.length; i++) {
    const option = options[i] as GivenOption;
    if (option.row?.effect === 'before-javascript') return option;
  }
  return undefined;
}

/** Whether such an option occurs anywhere among the words. */
function mentionsOne(words: readonly string[]): boolean {
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string;
    if (StringPrototypeCharAt(word, 0) !== '-') continue;
    if (fileOption([word]) !== undefined) return true;
    if (actsBefore(parseWords([word]).options) !== undefined) return true;
  }
  return false;
}

/**
 * A program that may start Node, such as `env` or a shell. It must not take the preload away.
 * The preload in that Node judges the rest.
 */
function followWords(words: readonly string[], { cwd, path }: Start): void {
  if (!mentionsOne(words) && clearingWord(words, words.length) === undefined) return;
  for (let i = 1; i < words.length; i++) {
    if (!isNode(words[i] as string, cwd, path)) continue;
    const clearing = clearingWord(words, i);
    if (clearing !== undefined) refuseClearing(clearing);
    const rest: string[] = [];
    for (let j = i + 1; j < words.length; j++) append(rest, words[j] as string);
    const option = actsBefore(parseWords(rest).options);
    if (option !== undefined) refuseOption(option.name, option.row);
    const reads = fileOption(rest);
    if (reads !== undefined) refuseOption(reads.name, reads);
  }
}

/** Throws ExecDeniedError for a Node that is given an option which a restriction refuses. */
export function refuseStartOf(start: Start): void {
  const { file, argv, cwd, path } = start;
  // The executable of build-node judges its own options. The test runner passes it options of Node.
  if (embedded !== undefined && isThisNode(file, cwd, path)) return;
  if (isNode(file, cwd, path)) {
    refuseOptions(parseWords(argv, 1).options);
    const reads = fileOption(argv);
    if (reads !== undefined) refuseOption(reads.name, reads);
    return;
  }
  // The program's name for itself may be another.
  const words = [file];
  const inTexts = [file];
  for (let i = 1; i < argv.length; i++) append(words, argv[i] as string);
  const forEnv = mentionsEnv(words);
  for (let i = 1; i < words.length; i++) splitText(words[i] as string, forEnv, inTexts);
  followWords(words, start);
  followWords(inTexts, start);
}
