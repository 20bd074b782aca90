import { append, newList } from '../lib/append.js';
import {
  StringPrototypeCharAt,
  StringPrototypeIncludes,
  StringPrototypeIndexOf,
  StringPrototypeSlice,
} from '../lib/primordials.js';
import type { Environment } from './child-environment.js';
import { refuse } from './check-options.js';
import type { Words } from './child-text.js';
import {
  contains,
  DIGITS,
  isAll,
  isBetweenWords,
  isName,
  lookUp,
  put,
  putValue,
  until,
  wordStart,
  type Making,
} from './shell-making.js';

/*
 * What a shell makes of the words of a command line, as far as that is known: the values of its
 * variables and arguments, escapes such as `\x2d`, and braces. The words are also read without
 * this, since a command can change a variable. native/run/values.c has the same rules.
 */

/** The characters of a text that this may replace. */
const REPLACED = '$\\{=!';
/** Space to tilde. */
const ASCII =
  ' !"#$%&\'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~';
const HEXADECIMAL = `${DIGITS}abcdefABCDEF`;
const DEEPEST = 32;
/** JSON and programs have braces without end. Those of a longer text stay, and those that are deeper. */
const LONGEST_WITH_BRACES = 4096;
const DEEPEST_BRACES = 4;

const characterIn = (text: string, at: number, to: number): string =>
  at < to ? StringPrototypeCharAt(text, at) : '';

/** The index of the brace that closes the one before an index, or of the end. */
function closing(text: string, from: number, to: number): number {
  let open = 1;
  for (let at = from; at < to; at++) {
    const character = StringPrototypeCharAt(text, at);
    if (character === '{') open++;
    if (character === '}' && --open === 0) return at;
  }
  return to;
}

/** Puts the value behind an operator such as `:-` in place, or else that of the name. */
function putOperated(into: Making, name: string, at: number, end: number): void {
  const operator = characterIn(into.text, at, end);
  const isEmpty = (): boolean => !isAll(name) && (lookUp(into, name) ?? '') === '';
  if (operator !== '+' && !(contains('-=', operator) && isEmpty())) {
    putValue(into, name);
    return;
  }
  expand(into, at + 1, end);
  if (operator !== '=') return;
  put(into, ` ${name}=`);
  expand(into, at + 1, end);
}

/** Puts the value in place of the parameter behind a `$`. The index after it, or that of the `$`. */
function parameter(into: Making, dollar: number, to: number): number {
  const { text } = into;
  const braces = characterIn(text, dollar + 1, to) === '{';
  let at = dollar + (braces ? 2 : 1);
  const end = braces ? closing(text, at, to) : to;
  // zsh has flags in parentheses.
  if (braces && characterIn(text, at, end) === '(') at = until(')', text, at, end) + 1;
  const mark = characterIn(text, at, end);
  if (contains('=~^!', mark)) at++;
  const from = at;
  const first = characterIn(text, at, end);
  if (contains('@*', first)) at++;
  else if (!braces && contains(DIGITS, first)) at++;
  else while (isName(characterIn(text, at, end))) at++;
  if (at === from && !(braces && characterIn(text, at, end) === ':')) return dollar;
  let name = StringPrototypeSlice(text, from, at);
  if (mark === '!' && !isAll(name)) {
    const other = lookUp(into, name) ?? '';
    if (other !== '') name = other;
  }
  if (!braces) {
    putValue(into, name);
    return at;
  }
  if (characterIn(text, at, end) === '[') at = until(']', text, at, end) + 1;
  if (characterIn(text, at, end) === ':') at++;
  putOperated(into, name, at, end);
  return end < to ? end + 1 : to;
}

/** Puts a character in place of its code. The index after it, or that of the backslash. */
function escape(into: Making, backslash: number, to: number): number {
  const { text } = into;
  const letter = StringPrototypeCharAt(text, backslash + 1);
  const isOctal = contains('01234567', letter);
  if (!isOctal && !contains('xuU', letter)) return backslash;
  const from = backslash + (isOctal ? 1 : 2);
  const most = isOctal ? 3 : letter === 'x' ? 2 : letter === 'u' ? 4 : 8;
  const digits = isOctal ? '01234567' : HEXADECIMAL;
  let at = from;
  let code = 0;
  for (; at < to && at < from + most; at++) {
    const digit = StringPrototypeCharAt(text, at);
    if (!contains(digits, digit)) break;
    code = code * (isOctal ? 8 : 16) + StringPrototypeIndexOf(HEXADECIMAL, digit);
    // A capital letter.
    if (!isOctal && StringPrototypeIndexOf(HEXADECIMAL, digit) > 15) code -= 6;
  }
  if (code < 0x20 || code > 0x7e) return backslash;
  put(into, StringPrototypeCharAt(ASCII, code - 0x20));
  return at;
}

/** Puts `ac bc` in place of `{a,b}c`. The index after it, or that of the brace. */
function alternatives(into: Making, brace: number, to: number): number {
  const { text } = into;
  if (into.depth > DEEPEST_BRACES || text.length > LONGEST_WITH_BRACES) return brace;
  const close = closing(text, brace + 1, to);
  if (close === to) return brace;
  const ends: number[] = newList();
  let open = 0;
  for (let at = brace + 1; at < close; at++) {
    const character = StringPrototypeCharAt(text, at);
    if (character === '{') open++;
    if (character === '}') open--;
    if (character === ',' && open === 0) append(ends, at);
  }
  if (ends.length === 0) return brace;
  append(ends, close);
  const begin = wordStart(into.made);
  const before = StringPrototypeSlice(into.made, begin);
  into.made = StringPrototypeSlice(into.made, 0, begin);
  const end = until(' \t\n;&|()<>', text, close, to);
  for (let i = 0, from = brace + 1; i < ends.length; from = (ends[i++] as number) + 1) {
    put(into, before);
    expand(into, from, ends[i] as number);
    expand(into, close + 1, end);
    put(into, ' ');
  }
  return end;
}

/** Puts something else in place of what begins at an index. The index after it, or the same. */
function replaced(into: Making, at: number, to: number): number {
  const { text, made, renames } = into;
  const next = characterIn(text, at + 1, to);
  switch (StringPrototypeCharAt(text, at)) {
    case '$':
      return next === '"' || next === "'" ? at + 1 : parameter(into, at, to);
    case '\\':
      return escape(into, at, to);
    case '{':
      return alternatives(into, at, to);
    // An alias has the name of a command behind it, and so has zsh's `=node`.
    case '=':
      if (renames) put(into, ' ');
      return renames || (isBetweenWords(made) && isName(next)) ? at + 1 : at;
    // In front of a command in an alias of git.
    case '!':
      return renames && isBetweenWords(made) ? at + 1 : at;
  }
  return at;
}

function expand(into: Making, from: number, to: number): void {
  if (++into.depth > DEEPEST) into.isTooLong = true;
  for (let at = from; at < to && !into.isTooLong;) {
    const next = replaced(into, at, to);
    if (next === at) put(into, StringPrototypeCharAt(into.text, at++));
    else at = next;
  }
  into.depth--;
}

function valueOf(words: readonly string[], index: number, environment: Environment): string {
  const text = words[index] as string;
  if (until(REPLACED, text, 0) === text.length) return text;
  const before: string[] = newList();
  for (let i = index - 1; i >= 0; i--) append(before, words[i] as string);
  const after: string[] = newList();
  for (let i = index + 1; i < words.length; i++) append(after, words[i] as string);
  const renames = StringPrototypeIncludes(text, 'alias') || StringPrototypeIncludes(text, 'hash');
  const into = { text, before, after, environment, renames, made: '', depth: 0, isTooLong: false };
  expand(into, 0, text.length);
  if (into.isTooLong)
    refuse(
      'start',
      'the values in the text of a shell are too long to be read. Start the program without a shell',
    );
  return into.made;
}

/** The words with these values. Undefined when they stay the same. */
export function withValues(words: readonly string[], environment: Environment): Words | undefined {
  const values: Words = { list: newList(), inText: newList() };
  let differs = false;
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string;
    const value = i === 0 ? word : valueOf(words, i, environment);
    if (value !== word) differs = true;
    append(values.list, value);
    append(values.inText, value !== word && StringPrototypeIncludes(word, '$'));
  }
  return differs ? values : undefined;
}
