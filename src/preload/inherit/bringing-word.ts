import { reachesNode } from '../../tables/variables.js';
import {
  StringPrototypeCharAt,
  StringPrototypeIndexOf,
  StringPrototypeSlice,
  StringPrototypeStartsWith,
} from '../lib/primordials.js';
import { baseName } from './base-name.js';

/*
 * Words of a command line that bring unchecked code into a Node behind them: a variable that env(1)
 * or a shell sets, and an option of the dynamic loader, ld.so(8). native/run/bringing_word.c has the
 * same rules.
 */

/** Whether a word names the dynamic loader. */
export function isLoader(word: string): boolean {
  const base = baseName(word);
  return (
    StringPrototypeStartsWith(base, 'ld-linux') ||
    StringPrototypeStartsWith(base, 'ld-musl') ||
    StringPrototypeStartsWith(base, 'ld.so')
  );
}

/** Whether it is an option that makes the loader map other libraries. */
const isOfLoader = (word: string): boolean =>
  StringPrototypeStartsWith(word, '--preload') ||
  StringPrototypeStartsWith(word, '--audit') ||
  StringPrototypeStartsWith(word, '--library-path') ||
  StringPrototypeStartsWith(word, '--inhibit-') ||
  StringPrototypeStartsWith(word, '--glibc-hwcaps-');

/** An empty value brings in nothing. */
function setsVariable(word: string): boolean {
  const equals = StringPrototypeIndexOf(word, '=');
  if (equals < 0 || equals === word.length - 1) return false;
  // An option such as --setenv=NAME=VALUE.
  if (StringPrototypeStartsWith(word, '-'))
    return setsVariable(StringPrototypeSlice(word, equals + 1));
  // A shell's NAME+=VALUE and ${NAME:=VALUE}.
  const before = StringPrototypeCharAt(word, equals - 1);
  const end = equals > 0 && (before === '+' || before === ':') ? equals - 1 : equals;
  return reachesNode(StringPrototypeSlice(word, 0, end));
}

/** The first such word before an index. */
export function bringingWord(words: readonly string[], before: number): string | undefined {
  let isBehindLoader = false;
  for (let i = 0; i < before; i++) {
    const word = words[i] as string;
    if (setsVariable(word) || (isBehindLoader && isOfLoader(word))) return word;
    if (isLoader(word)) isBehindLoader = true;
  }
  return undefined;
}
