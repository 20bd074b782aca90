import { reachesNode } from '../../tables/variables.js';
import {
  StringPrototypeCharAt,
  StringPrototypeIndexOf,
  StringPrototypeSlice,
  StringPrototypeStartsWith,
} from '../lib/primordials.js';

/*
 * Words of a command line that bring unchecked code into a Node behind them: a variable that env(1)
 * or a shell sets, and an option of the dynamic loader, ld.so(8). native/run/bringing_word.c has the
 * same rules.
 */

const isOption = (word: string, name: string): boolean =>
  word === name || StringPrototypeStartsWith(word, `${name}=`);

/**
 * Whether it is an option of glibc's or musl's dynamic loader that makes it map other libraries. A
 * link can give the loader any name, so no word in front is looked at.
 */
const isOfLoader = (word: string): boolean =>
  word === '--audit' ||
  isOption(word, '--preload') ||
  isOption(word, '--library-path') ||
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
  for (let i = 0; i < before; i++) {
    const word = words[i] as string;
    if (setsVariable(word) || isOfLoader(word)) return word;
  }
  return undefined;
}
