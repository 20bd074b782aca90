import {
  StringPrototypeCharAt,
  StringPrototypeIndexOf,
  StringPrototypeSlice,
  StringPrototypeStartsWith,
} from '../lib/primordials.js';
import { baseName } from './clearing-word.js';

/*
 * Words of a command line that give the program behind them a name of their own. Node looks
 * for options in its own name, too. native/run/given_name.c has the same rules.
 */

/** To zsh. */
const VARIABLE = 'ARGV0=';

/** A shell's `exec`, env(1) since coreutils 9.2, and the dynamic loader: ld.so(8). */
function givesNames(word: string): boolean {
  const base = baseName(word);
  return (
    base === 'exec' ||
    base === 'env' ||
    StringPrototypeStartsWith(base, 'ld-linux') ||
    StringPrototypeStartsWith(base, 'ld.so')
  );
}

/**
 * What `-a NAME` and `--argv0=NAME` give. The one may stand in a word with others, and the
 * other be shortened. Empty when it is the next word, and undefined when it is neither.
 */
function valueOf(word: string): string | undefined {
  if (StringPrototypeStartsWith(word, '--')) {
    const equals = StringPrototypeIndexOf(word, '=');
    const value = equals < 0 ? '' : StringPrototypeSlice(word, equals + 1);
    // The text of --split-string.
    if (StringPrototypeStartsWith(word, '--s') && StringPrototypeStartsWith(value, '-'))
      return valueOf(value);
    return StringPrototypeCharAt(word, 2) === 'a' ? value : undefined;
  }
  const letter = StringPrototypeStartsWith(word, '-') ? StringPrototypeIndexOf(word, 'a') : -1;
  return letter < 0 ? undefined : StringPrototypeSlice(word, letter + 1);
}

/** Whether a name is, to Node, an option as well. */
export const isOptionName = (name: string): boolean => StringPrototypeStartsWith(name, '--');

/** The first word that gives such a name, among those in front of an index. */
export function wordOfOptionName(words: readonly string[], before: number): string | undefined {
  let isBehindGiver = false;
  let isNext = false;
  for (let i = 0; i < before; i++) {
    const word = words[i] as string;
    let name: string | undefined;
    if (isNext) {
      name = word;
      isNext = false;
    } else if (StringPrototypeStartsWith(word, VARIABLE)) {
      name = StringPrototypeSlice(word, VARIABLE.length);
    } else if (isBehindGiver) {
      name = valueOf(word);
      isNext = name === '';
    }
    if (givesNames(word)) isBehindGiver = true;
    if (name !== undefined && isOptionName(name)) return word;
  }
  return undefined;
}
