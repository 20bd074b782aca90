import { OPTIONS, type OptionRow } from './options.js';
import { V8_OPTIONS } from './v8-options.js';

/*
 * Words into options, by Node's own rules (Node 20 to 26). It decides after
 * hostile code has run as well, so it calls no method, and stores into an array
 * what no setter on Array.prototype sees.
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
}

export interface ParsedWords {
  readonly options: GivenOption[];
  /** The index of the first word that is the program's: its script, or an argument of it. */
  readonly program: number;
}

/** From one index to before another. */
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

/** As V8 reads what Node does not know: one dash will do, and none after `no`. */
function findForV8(written: string): Found {
  let from = written[1] === '-' ? 2 : 1;
  const negated = written[from] === 'n' && written[from + 1] === 'o';
  if (negated) from += 2;
  if (negated && written[from] === '-') from += 1;
  const bare = part(written, from, written.length);
  return look(v8Rows, bare, negated) ?? { name: written, row: undefined };
}

function find(written: string): Found {
  if (!beginsWith(written, '--')) {
    const row = hasOwn(nodeRows, written) ? nodeRows[written] : undefined;
    return row === undefined ? findForV8(withDashes(written, 1)) : { name: row.name, row };
  }
  const name = withDashes(written, 2);
  const negated = beginsWith(name, '--no-');
  return look(nodeRows, part(name, negated ? 5 : 2, name.length), negated) ?? findForV8(name);
}

/** The row of an option as it was written, without its value. */
export function findOption(written: string): OptionRow | undefined {
  return find(written).row;
}

/**
 * Node's options among words, up to where the program begins. Where Node would
 * end with an error it may find more options than Node, and never fewer.
 */
export function parseWords(words: readonly string[], from = 0): ParsedWords {
  const options: GivenOption[] = [];
  const isValue = (at: number): boolean => at < words.length && (words[at] as string)[0] !== '-';
  let i = from;
  while (i < words.length) {
    const word = words[i] as string;
    if (word.length <= 1 || word[0] !== '-') break;
    i += 1;
    if (word === '--') break;
    const equals = beginsWith(word, '--') ? indexOf(word, '=') : -1;
    // V8 takes a value behind an equals sign after one dash, too.
    const end = equals < 0 ? indexOf(word, '=') : equals;
    const { name, row } = find(end < 0 ? word : part(word, 0, end));
    let value = end < 0 ? undefined : part(word, end + 1, word.length);
    if (word === '-pe') {
      append(options, find('--print') as GivenOption);
      if (isValue(i)) value = words[i++];
      append(options, { ...find('--eval'), value });
      continue;
    }
    if (row?.value === 'required' && end < 0 && isValue(i)) value = unescaped(words[i++] as string);
    append(options, { name, row, value });
    if (name === '--print' && isValue(i)) {
      append(options, { ...find('--eval'), value: words[i++] });
    }
    if (name === '--prof-process') break;
  }
  return { options, program: i };
}

/** In a word of its own a value may hide its dash. */
const unescaped = (value: string): string =>
  beginsWith(value, '\\-') ? part(value, 1, value.length) : value;

/** The words in NODE_OPTIONS: split at spaces outside of double quotes; a backslash escapes within. */
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

/** Node's options in NODE_OPTIONS. A word that is none is passed over, as Node does. */
export function parseNodeOptions(nodeOptions: string): GivenOption[] {
  const words = splitNodeOptions(nodeOptions);
  const options: GivenOption[] = [];
  let from = 0;
  while (from < words.length) {
    const parsed = parseWords(words, from);
    for (let i = 0; i < parsed.options.length; i++) {
      append(options, parsed.options[i] as GivenOption);
    }
    from = parsed.program === from ? from + 1 : parsed.program;
  }
  return options;
}

/** A word by which Node reads a file of options. */
const CONFIG_FILES = ['--experimental-config-file', '--experimental-default-config-file'] as const;

/**
 * The option among a whole argv by which Node reads a file of options, wherever it
 * stands: it looks at argv[0], behind the script and behind `--` too, and knows
 * the name with dashes alone.
 */
export function configFileOption(argv: readonly string[]): OptionRow | undefined {
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] as string;
    for (let j = 0; j < CONFIG_FILES.length; j++) {
      const name = CONFIG_FILES[j] as string;
      if (word === name || beginsWith(word, `${name}=`)) return nodeRows[name];
    }
  }
  return undefined;
}
