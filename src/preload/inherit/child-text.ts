import { append, newList } from '../lib/append.js';
import { StringPrototypeCharAt, StringPrototypeIncludes } from '../lib/primordials.js';
import {
  firstLine,
  MOST_INTERPRETERS,
  programsOf,
  type Place,
  type Found,
} from './program-file.js';

/** Words of a command line. */
export interface Words {
  readonly list: string[];
  /**
   * For each word, whether a shell may put it elsewhere, or others before it. There the end of a
   * command is unknown.
   */
  readonly inText: boolean[];
}

const newWords = (): Words => ({ list: newList(), inText: newList() });

/** How words are read, and the list that they go to. */
interface Reading {
  readonly place: Place;
  readonly into: Words;
  readonly splits: boolean;
  /** Whether env(1) may read the text. */
  readonly forEnv: boolean;
  /** Whether a text may put the later words anywhere, as a shell does by `"$@"`. */
  hasParameters: boolean;
}

/** Characters that end a word in a shell's text. native/run/words.c reads it in the same way. */
const ENDS_WORD = ' \t\n;&|(){}`$<>';
const QUOTES = '"\'\\';
/** Characters that also end a word for `env -S`. */
const ENDS_WORD_FOR_ENV = '\v\f\r';
/**
 * The letters that, after a backslash, are a blank to `env -S`. Another `env -S` in the text splits
 * there.
 */
const ESCAPED_BLANKS = '_tnvfr';
/** A value that is empty so far goes on with one of these. */
const GOES_ON = '`$({}<>\\';
/** Stands for a value that is not known. */
const UNKNOWN = '...';

function contains(characters: string, character: string): boolean {
  return character !== '' && StringPrototypeIncludes(characters, character);
}

/** How many characters end a word at an index. */
function endOfWord(text: string, at: number, forEnv: boolean): number {
  const character = StringPrototypeCharAt(text, at);
  if (forEnv) {
    if (character === '\\' && contains(ESCAPED_BLANKS, StringPrototypeCharAt(text, at + 1)))
      return 2;
    if (contains(ENDS_WORD_FOR_ENV, character)) return 1;
  }
  return contains(ENDS_WORD, character) ? 1 : 0;
}

/** Whether a shell or env(1) could split it. Any other word stays whole. */
function isText(text: string, { splits, forEnv }: Reading): boolean {
  if (!splits) return false;
  for (let i = 0; i < text.length; i++) {
    if (endOfWord(text, i, forEnv) > 0) return true;
    if (contains(QUOTES, StringPrototypeCharAt(text, i))) return true;
  }
  return false;
}

/**
 * A shell leaves a text of these as it is, unless an alias, or a name that `hash` gives, replaces
 * its words.
 */
const PLAIN = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./:=,@%+ \t\n;&|';
const ALIAS = 'alias';
const HASH = 'hash';

/** Whether its words are known: each command has the words that it has in the text. */
function isPlain(text: string): boolean {
  for (let i = 0; i < text.length; i++)
    if (!contains(PLAIN, StringPrototypeCharAt(text, i))) return false;
  return !StringPrototypeIncludes(text, ALIAS) && !StringPrototypeIncludes(text, HASH);
}

/** The word at an index with what its quotes hold together, and the index after it. */
function wholeWord(text: string, from: number, forEnv: boolean): { word: string; end: number } {
  let word = '';
  let quote = '';
  let end = from;
  for (; end < text.length; end++) {
    if (quote === '' && endOfWord(text, end, forEnv) > 0) break;
    const character = StringPrototypeCharAt(text, end);
    const next = StringPrototypeCharAt(text, end + 1);
    if (character === '\\' && quote !== "'" && next !== '') {
      end++;
      if (next !== '\n') word += forEnv && next === '_' ? ' ' : next;
    } else if (character === quote) quote = '';
    else if (quote === '' && (character === '"' || character === "'")) quote = character;
    else word += character;
  }
  return { word, end };
}

/** Whether a word of a text is a name with what would end a word without quotes. */
function isQuotedName(word: string): boolean {
  if (StringPrototypeCharAt(word, 0) === '-') return false;
  for (let i = 0; i < word.length; i++)
    if (contains(ENDS_WORD, StringPrototypeCharAt(word, i))) return true;
  return false;
}

const hasEmptyValue = (word: string): boolean =>
  StringPrototypeCharAt(word, word.length - 1) === '=';

/** The words that a shell could split a text into. The values of its variables are unknown. */
function split(text: string, depth: number, reading: Reading): void {
  if (!isText(text, reading)) {
    if (text !== '') add(text, reading.hasParameters, depth, reading);
    return;
  }
  if (StringPrototypeIncludes(text, '$')) reading.hasParameters = true;
  const inText = reading.hasParameters || !isPlain(text);
  let before = '';
  let isTarget = false;
  let whole = { word: '', end: 0 };
  for (let i = 0; i < text.length;) {
    if (i >= whole.end) whole = wholeWord(text, i, reading.forEnv);
    let word = '';
    let quoted = false;
    let end = 0;
    for (; i < text.length; i++) {
      end = endOfWord(text, i, reading.forEnv);
      if (end > 0) break;
      const character = StringPrototypeCharAt(text, i);
      const next = StringPrototypeCharAt(text, i + 1);
      // The line goes on.
      if (character === '\\' && next === '\n') i++;
      else if (!contains(QUOTES, character)) word += character;
      // The quotes of an empty value.
      else if (character !== '\\' && next === character && hasEmptyValue(word)) i++;
      else quoted = true;
    }
    const character = StringPrototypeCharAt(text, i);
    if (word !== '') {
      // The file of a redirection, and the end of a longer word, do not end options.
      const endsOptions = !isTarget && contains(' \t', before);
      if (word !== '--' || endsOptions) add(word, inText, depth, reading);
      // Quotes may hold a blank.
      if (hasEmptyValue(word) && (quoted || contains(GOES_ON, character)))
        put(reading, `${word}${UNKNOWN}`, inText);
      isTarget = false;
    }
    if (i >= whole.end && isQuotedName(whole.word)) add(whole.word, inText, depth, reading);
    if (character === '<' || character === '>') isTarget = true;
    before = character;
    i += end;
  }
}

function put({ into }: Reading, word: string, inText: boolean): void {
  append(into.list, word);
  append(into.inText, inText);
}

/**
 * Adds a word. If it is a script, first adds the words that the kernel puts before it: execve(2).
 */
function add(word: string, inText: boolean, depth: number, reading: Reading): void {
  if (depth < MOST_INTERPRETERS && StringPrototypeCharAt(word, 0) !== '-') {
    const files = programsOf(word, reading.place);
    for (let i = 0; i < files.length; i++) {
      const line = firstLine(files[i] as Found);
      if (line === undefined) continue;
      add(line.interpreter, false, depth + 1, reading);
      split(line.argument, depth + 1, reading);
    }
  }
  put(reading, word, inText);
}

/** The words. Before each script come the words of its first line. */
export function resolveWords(words: readonly string[], place: Place): Words {
  const into = newWords();
  const reading = { place, into, splits: false, forEnv: false, hasParameters: false };
  for (let i = 0; i < words.length; i++) split(words[i] as string, 0, reading);
  return into;
}

/**
 * The same, but every word after the first is a text that a shell or env(1) could split. `had` says
 * which of them had parameters before their values were put in place.
 */
export function splitWords(
  words: readonly string[],
  forEnv: boolean,
  place: Place,
  had: readonly boolean[] = newList(),
): Words {
  const into = newWords();
  const reading = { place, into, splits: true, forEnv, hasParameters: false };
  for (let i = 0; i < words.length; i++) {
    if (had[i] === true) reading.hasParameters = true;
    if (i === 0) add(words[i] as string, false, 0, reading);
    else split(words[i] as string, 0, reading);
  }
  return into;
}
