import {
  StringOf,
  StringPrototypeCharAt,
  StringPrototypeIncludes,
  StringPrototypeIndexOf,
  StringPrototypeSlice,
  StringPrototypeStartsWith,
} from '../lib/primordials.js';
import type { Environment } from './child-environment.js';

const ENDS_WORD = ' \t\n;&|(){}`$<>';
const ENDS_COMMAND = ';&|)\n';
export const DIGITS = '0123456789';
const NAME = `ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_${DIGITS}`;
/** Nothing that is longer could be given to a program. */
const MOST = 1 << 21;

/** A text that is made of another one, with the values that a shell would put into it. */
export interface Making {
  readonly text: string;
  /** The words in front of it, the last one first. env(1) sets variables by them. */
  readonly before: readonly string[];
  /** The words behind it. A shell's `$0` is the first. */
  readonly after: readonly string[];
  readonly environment: Environment;
  /** Whether a name may stand for a command in it. */
  readonly renames: boolean;
  made: string;
  depth: number;
  /** Whether there is more than can be read. Then the rest is left out. */
  isTooLong: boolean;
}

/** Whether it is one of these characters. */
export function contains(characters: string, character: string): boolean {
  return character !== '' && StringPrototypeIncludes(characters, character);
}

export const isName = (character: string): boolean => contains(NAME, character);

function isNumber(text: string): boolean {
  for (let i = 0; i < text.length; i++)
    if (!contains(DIGITS, StringPrototypeCharAt(text, i))) return false;
  return true;
}

/** Adds to what is made. */
export function put(into: Making, text: string): void {
  if (into.made.length + text.length > MOST) into.isTooLong = true;
  else into.made += text;
}

/** Whether the next character begins a word. */
export const isBetweenWords = (made: string): boolean =>
  made === '' || contains(ENDS_WORD, StringPrototypeCharAt(made, made.length - 1));

/** Where the word begins that is being made. */
export function wordStart(made: string): number {
  let at = made.length;
  while (at > 0 && !contains(ENDS_WORD, StringPrototypeCharAt(made, at - 1))) at--;
  return at;
}

/** The index of the first of these characters, or of the end. */
export function until(characters: string, text: string, from: number, to = text.length): number {
  let at = from;
  while (at < to && !contains(characters, StringPrototypeCharAt(text, at))) at++;
  return at;
}

/** The last place behind a name and a sign where the name is no part of another. Or -1. */
function lastBehind(made: string, name: string, sign: string): number {
  const searched = name + sign;
  let last = -1;
  for (
    let at = StringPrototypeIndexOf(made, searched);
    at >= 0;
    at = StringPrototypeIndexOf(made, searched, at + 1)
  ) {
    if (!isName(StringPrototypeCharAt(made, at - 1))) last = at + searched.length;
  }
  return last;
}

/** The value in `NAME=VALUE`. */
function assigned(made: string, name: string): string | undefined {
  const at = lastBehind(made, name, '=');
  if (at < 0) return undefined;
  const first = StringPrototypeCharAt(made, at);
  const ends = first === '(' ? ')' : first === '"' || first === "'" ? first : ENDS_WORD;
  const from = ends === ENDS_WORD ? at : at + 1;
  return StringPrototypeSlice(made, from, until(ends, made, from));
}

/** The rest of a command that names a variable, such as `for x in VALUE` and `read x <<<VALUE`. */
function named(made: string, name: string): string | undefined {
  const at = lastBehind(made, name, ' ');
  return at < 0 ? undefined : StringPrototypeSlice(made, at, until(ENDS_COMMAND, made, at));
}

/** The value in a word `NAME=VALUE` in front of the text. */
function inWords(before: readonly string[], name: string): string | undefined {
  for (let i = 0; i < before.length; i++) {
    const word = before[i] as string;
    if (StringPrototypeStartsWith(word, `${name}=`))
      return StringPrototypeSlice(word, name.length + 1);
  }
  return undefined;
}

/** The value of a parameter that has one. */
export function lookUp(
  { before, after, environment, made }: Making,
  name: string,
): string | undefined {
  if (name === '') return undefined;
  if (name === 'IFS') return ' ';
  if (isNumber(name)) {
    const index = +name;
    return index < after.length ? after[index] : named(made, '--');
  }
  const value = environment[name];
  return (
    assigned(made, name) ??
    inWords(before, name) ??
    (value === undefined ? named(made, name) : StringOf(value))
  );
}

/** Whether a name stands for all arguments. */
export const isAll = (name: string): boolean => name === '@' || name === '*' || name === 'argv';

/** Adds the value of a parameter. */
export function putValue(into: Making, name: string): void {
  if (!isAll(name)) {
    put(into, lookUp(into, name) ?? '');
    return;
  }
  // The builtin `set --` sets them.
  put(into, named(into.made, '--') ?? '');
  for (let i = 1; i < into.after.length; i++) put(into, ` ${into.after[i] as string}`);
}
