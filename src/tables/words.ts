import { finder, type FindRow } from './option-table.js';
import { nodeOptions, REQUIRE, type OptionRow } from './options.js';
import {
  StringPrototypeCharAt,
  StringPrototypeIndexOf,
  StringPrototypeSlice,
  StringPrototypeStartsWith,
} from '../primordials.js';
import { v8Options } from './v8-options.js';

/*
 * Parses words into options by the rules of Node 22, 24 and 26. This runs after hostile code has
 * run. So it uses only the methods of primordials.ts, and stores elements without calling a setter on
 * Array.prototype.
 */

const { defineProperty, hasOwn } = Object;

function append<T>(list: T[], value: T): void {
  defineProperty(list, list.length, {
    __proto__: null,
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  } as PropertyDescriptor);
}

let nodeRow: FindRow | undefined;
const findNodeRow: FindRow = (name) =>
  name === REQUIRE.name ? REQUIRE : (nodeRow ??= finder(nodeOptions()))(name);
let v8Row: FindRow | undefined;
const findV8Row: FindRow = (name) => (v8Row ??= finder(v8Options()))(name);

/** One option of Node, in any spelling. */
export interface GivenOption {
  /** The name as in the table, with `--no-` in front when it is negated. */
  readonly name: string;
  /** Undefined for an option without a row. */
  readonly row: OptionRow | undefined;
  readonly value: string | undefined;
  /** The index of its first word, and the index after its last. */
  readonly from: number;
  readonly to: number;
}

interface ParsedWords {
  readonly options: GivenOption[];
  /** The index of the first word of the program: its script, or an argument. */
  readonly program: number;
}

/** Underscores count as dashes. */
function withDashes(text: string, from: number): string {
  let result = StringPrototypeSlice(text, 0, from);
  for (let i = from; i < text.length; i++) {
    const character = StringPrototypeCharAt(text, i);
    result += character === '_' ? '-' : character;
  }
  return result;
}

type Found = Pick<GivenOption, 'name' | 'row'>;

/** The row of an option and its own name. A negated form may have a row of its own. */
function look(findRow: FindRow, bare: string, negated: boolean): Found | undefined {
  const own = `--no-${bare}`;
  const ownRow = negated ? findRow(own) : undefined;
  if (ownRow !== undefined) return { name: own, row: ownRow };
  const row = findRow(`--${bare}`);
  if (row === undefined) return undefined;
  return { name: negated ? `--no-${StringPrototypeSlice(row.name, 2)}` : row.name, row };
}

/**
 * V8 reads the options that Node does not know. It accepts one dash instead of two, and needs none
 * after `no`.
 */
function findForV8(written: string, v8: FindRow): Found {
  let from = StringPrototypeCharAt(written, 1) === '-' ? 2 : 1;
  const negated = StringPrototypeSlice(written, from, from + 2) === 'no';
  if (negated) from += 2;
  if (negated && StringPrototypeCharAt(written, from) === '-') from += 1;
  return (
    look(v8, StringPrototypeSlice(written, from), negated) ?? { name: written, row: undefined }
  );
}

function find(written: string, node = findNodeRow, v8 = findV8Row): Found {
  if (!StringPrototypeStartsWith(written, '--')) {
    const row = node(written);
    return row === undefined ? findForV8(withDashes(written, 1), v8) : { name: row.name, row };
  }
  const name = withDashes(written, 2);
  const negated = StringPrototypeStartsWith(name, '--no-');
  return look(node, StringPrototypeSlice(name, negated ? 5 : 2), negated) ?? findForV8(name, v8);
}

/** The row of an option as it was written, without its value. */
export function findOption(written: string): OptionRow | undefined {
  return find(written).row;
}

/** The row of an option in other tables, with V8's options separate. */
export function findOptionIn(
  written: string,
  options: readonly OptionRow[],
  v8Options: readonly OptionRow[],
): OptionRow | undefined {
  const node = finder({ rows: options, groups: [] });
  return find(written, node, finder({ rows: v8Options, groups: [] })).row;
}

function withValue(row: OptionRow | undefined, value: string | undefined): OptionRow | undefined {
  if (row === undefined || !hasOwn(row, 'harmlessValue') || value !== row.harmlessValue) return row;
  return { __proto__: null, ...row, effect: 'harmless' } as unknown as OptionRow;
}

/**
 * Node's options among words, up to the beginning of the program. When Node would end with an
 * error, this may find more options than Node. It never finds fewer.
 */
export function parseWords(words: readonly string[], first = 0): ParsedWords {
  const options: GivenOption[] = [];
  const isValue = (at: number): boolean =>
    at < words.length && StringPrototypeCharAt(words[at] as string, 0) !== '-';
  let i = first;
  while (i < words.length) {
    const word = words[i] as string;
    if (word.length <= 1 || StringPrototypeCharAt(word, 0) !== '-') break;
    const from = i++;
    if (word === '--') break;
    const equals = StringPrototypeIndexOf(word, '=');
    const { name, row: found } =
      word === '-pe'
        ? find('--print')
        : find(equals === -1 ? word : StringPrototypeSlice(word, 0, equals));
    let value = equals === -1 ? undefined : StringPrototypeSlice(word, equals + 1);
    const row = withValue(found, value);
    if (row?.value === 'required' && equals === -1 && isValue(i)) {
      value = unescaped(words[i++] as string);
    }
    append(options, { name, row, value, from, to: i });
    if (name === '--print' && isValue(i)) {
      const code = words[i] as string;
      append(options, { ...find('--eval'), value: code, from: i, to: ++i });
    }
    if (name === '--prof-process') break;
  }
  return { options, program: i };
}

/** A value in a separate word may escape its dash. */
const unescaped = (value: string): string =>
  StringPrototypeStartsWith(value, '\\-') ? StringPrototypeSlice(value, 1) : value;

/**
 * The words in NODE_OPTIONS. Spaces separate them. Double quotes keep spaces, and a backslash
 * escapes within quotes.
 */
export function splitNodeOptions(nodeOptions: string): string[] {
  const words: string[] = [];
  let word = '';
  let inQuotes = false;
  for (let i = 0; i < nodeOptions.length; i++) {
    let character = StringPrototypeCharAt(nodeOptions, i);
    if (character === '"') {
      inQuotes = !inQuotes;
      continue;
    }
    if (character === ' ' && !inQuotes) {
      if (word !== '') append(words, word);
      word = '';
      continue;
    }
    if (character === '\\' && inQuotes) character = StringPrototypeCharAt(nodeOptions, ++i);
    word += character;
  }
  if (word !== '') append(words, word);
  return words;
}

/** All of Node's options among words. It skips other words. */
export function parseAllWords(words: readonly string[]): GivenOption[] {
  const options: GivenOption[] = [];
  for (let from = 0; from < words.length;) {
    const parsed = parseWords(words, from);
    for (let i = 0; i < parsed.options.length; i++) {
      append(options, parsed.options[i] as GivenOption);
    }
    from = parsed.program === from ? from + 1 : parsed.program;
  }
  return options;
}

/** Node's options in NODE_OPTIONS. */
export function parseNodeOptions(nodeOptions: string): GivenOption[] {
  return parseAllWords(splitNodeOptions(nodeOptions));
}

/** Whether a word is an option by that name, with its value or without. */
const isWord = (word: string, name: string): boolean =>
  word === name || StringPrototypeStartsWith(word, `${name}=`);

/**
 * The option that makes Node read a file of options or of variables. Node looks for it in the whole
 * argv, also in argv[0] and behind the script. For a file of options it also looks behind `--`. It
 * accepts these names only with dashes, not with underscores.
 */
export function fileOption(argv: readonly string[]): OptionRow | undefined {
  let ended = false;
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] as string;
    if (word === '--') ended = true;
    if (isWord(word, CONFIG_FILE)) return findNodeRow(CONFIG_FILE);
    // Node 22 compares only the beginning of the word.
    if (StringPrototypeStartsWith(word, DEFAULT_CONFIG_FILE))
      return findNodeRow(DEFAULT_CONFIG_FILE);
    if (ended) continue;
    if (isWord(word, ENV_FILE)) return findNodeRow(ENV_FILE);
    if (isWord(word, OPTIONAL_ENV_FILE)) return findNodeRow(OPTIONAL_ENV_FILE);
  }
  return undefined;
}

const CONFIG_FILE = '--experimental-config-file';
const DEFAULT_CONFIG_FILE = '--experimental-default-config-file';
const ENV_FILE = '--env-file';
const OPTIONAL_ENV_FILE = '--env-file-if-exists';
