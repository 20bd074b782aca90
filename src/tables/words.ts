import { OPTIONS, type OptionRow } from './options.js';
import { V8_OPTIONS } from './v8-options.js';

/*
 * Words into options, by Node's own rules (22, 24 and 26). This runs after hostile
 * code has run. So it calls no method, and no setter on Array.prototype sees what it
 * stores.
 */

const { create, defineProperty, hasOwn } = Object;

function append<T>(list: T[], value: T): void {
  defineProperty(list, list.length, {
    __proto__: null,
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  } as PropertyDescriptor);
}

type Rows = Record<string, OptionRow>;

/** By each of its names. */
function byName(options: readonly OptionRow[]): Rows {
  const rows = create(null) as Rows;
  for (const row of options) for (const name of [row.name, ...row.aliases]) rows[name] = row;
  return rows;
}
const nodeRows = byName(OPTIONS);
const v8Rows = byName(V8_OPTIONS);

/** One option of Node, whichever way it was written. */
export interface GivenOption {
  /** As the table writes it; with `--no-` before it when it is negated. */
  readonly name: string;
  /** Undefined for one that nobody has judged. */
  readonly row: OptionRow | undefined;
  readonly value: string | undefined;
  /** The index of its first word, and the index after its last. */
  readonly from: number;
  readonly to: number;
}

export interface ParsedWords {
  readonly options: GivenOption[];
  /** The index of the first word that is the program's: its script, or an argument of it. */
  readonly program: number;
}

/** The characters from one index up to another. */
function part(text: string, from: number, to: number): string {
  let result = '';
  for (let i = from; i < to; i++) result += text[i] as string;
  return result;
}

const beginsWith = (text: string, start: string): boolean =>
  text.length >= start.length && part(text, 0, start.length) === start;

function indexOf(text: string, character: string): number {
  for (let i = 0; i < text.length; i++) if (text[i] === character) return i;
  return -1;
}

/** Underscores count as dashes. */
function withDashes(text: string, from: number): string {
  let result = part(text, 0, from);
  for (let i = from; i < text.length; i++) result += text[i] === '_' ? '-' : (text[i] as string);
  return result;
}

type Found = Pick<GivenOption, 'name' | 'row'>;

/** The row of an option and its own name. A negated form may have a row of its own. */
function look(rows: Rows, bare: string, negated: boolean): Found | undefined {
  const own = `--no-${bare}`;
  if (negated && hasOwn(rows, own)) return { name: own, row: rows[own] };
  const name = `--${bare}`;
  const row = hasOwn(rows, name) ? (rows[name] as OptionRow) : undefined;
  if (row === undefined) return undefined;
  return { name: negated ? `--no-${part(row.name, 2, row.name.length)}` : row.name, row };
}

/** V8 reads what Node does not know. It takes one dash for two, and needs none after `no`. */
function findForV8(written: string, v8: Rows): Found {
  let from = written[1] === '-' ? 2 : 1;
  const negated = written[from] === 'n' && written[from + 1] === 'o';
  if (negated) from += 2;
  if (negated && written[from] === '-') from += 1;
  const bare = part(written, from, written.length);
  return look(v8, bare, negated) ?? { name: written, row: undefined };
}

function find(written: string, node = nodeRows, v8 = v8Rows): Found {
  if (!beginsWith(written, '--')) {
    const row = hasOwn(node, written) ? node[written] : undefined;
    return row === undefined ? findForV8(withDashes(written, 1), v8) : { name: row.name, row };
  }
  const name = withDashes(written, 2);
  const negated = beginsWith(name, '--no-');
  return look(node, part(name, negated ? 5 : 2, name.length), negated) ?? findForV8(name, v8);
}

/** The row of an option as it was written, without its value. */
export function findOption(written: string): OptionRow | undefined {
  return find(written).row;
}

/** The same in another table, and V8's part of it. */
export function findOptionIn(
  written: string,
  options: readonly OptionRow[],
  v8Options: readonly OptionRow[],
): OptionRow | undefined {
  return find(written, byName(options), byName(v8Options)).row;
}

/**
 * Node's options among words, up to where the program begins. It may find more options
 * than a Node that ends with an error. It never finds fewer.
 */
export function parseWords(words: readonly string[], first = 0): ParsedWords {
  const options: GivenOption[] = [];
  const isValue = (at: number): boolean => at < words.length && (words[at] as string)[0] !== '-';
  let i = first;
  while (i < words.length) {
    const word = words[i] as string;
    if (word.length <= 1 || word[0] !== '-') break;
    const from = i++;
    if (word === '--') break;
    const equals = indexOf(word, '=');
    const { name, row } =
      word === '-pe' ? find('--print') : find(equals < 0 ? word : part(word, 0, equals));
    let value = equals < 0 ? undefined : part(word, equals + 1, word.length);
    if (row?.value === 'required' && equals < 0 && isValue(i)) {
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

/** In a word of its own a value may hide its dash. */
const unescaped = (value: string): string =>
  beginsWith(value, '\\-') ? part(value, 1, value.length) : value;

/** The words in NODE_OPTIONS. Spaces part them. Double quotes keep spaces, and a backslash in quotes escapes. */
export function splitNodeOptions(nodeOptions: string): string[] {
  const words: string[] = [];
  let word = '';
  let inQuotes = false;
  for (let i = 0; i < nodeOptions.length; i++) {
    let character = nodeOptions[i] as string;
    if (character === '"') {
      inQuotes = !inQuotes;
      continue;
    }
    if (character === ' ' && !inQuotes) {
      if (word !== '') append(words, word);
      word = '';
      continue;
    }
    if (character === '\\' && inQuotes) character = nodeOptions[++i] ?? '';
    word += character;
  }
  if (word !== '') append(words, word);
  return words;
}

/** All of Node's options among words. It skips the words that are no options. */
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
  word === name || beginsWith(word, `${name}=`);

/**
 * The option that makes Node read a file of options or of variables. Node looks for it
 * in the whole argv: in argv[0] and behind the script too. For a file of options it
 * looks behind `--` as well. It knows these names with dashes alone.
 */
export function fileOption(argv: readonly string[]): OptionRow | undefined {
  let ended = false;
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] as string;
    if (word === '--') ended = true;
    if (isWord(word, CONFIG_FILE)) return nodeRows[CONFIG_FILE];
    // Node 22 looks at the beginning of the word.
    if (beginsWith(word, DEFAULT_CONFIG_FILE)) return nodeRows[DEFAULT_CONFIG_FILE];
    if (ended) continue;
    if (isWord(word, ENV_FILE)) return nodeRows[ENV_FILE];
    if (isWord(word, OPTIONAL_ENV_FILE)) return nodeRows[OPTIONAL_ENV_FILE];
  }
  return undefined;
}

const CONFIG_FILE = '--experimental-config-file';
const DEFAULT_CONFIG_FILE = '--experimental-default-config-file';
const ENV_FILE = '--env-file';
const OPTIONAL_ENV_FILE = '--env-file-if-exists';
