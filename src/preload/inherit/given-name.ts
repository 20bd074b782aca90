import {
  StringPrototypeCharAt,
  StringPrototypeIndexOf,
  StringPrototypeSlice,
  StringPrototypeStartsWith,
} from '../lib/primordials.js';
import { baseName } from './base-name.js';

/*
 * Words of a command line that set argv[0] of the program behind them. Node looks for options in
 * argv[0] too. native/run/given_name.c has the same rules.
 */

/** zsh gives a command the argv[0] in this variable. */
const VARIABLE = 'ARGV0=';

/** ld.so(8), whatever its name, and env(1). */
const OPTION = '--argv0';

/** A shell's `exec`, and env(1) since coreutils 9.2. */
function givesNames(word: string): boolean {
  const base = baseName(word);
  return base === 'exec' || base === 'env';
}

/**
 * The name in `-a NAME` or `--argv0=NAME`. `-a` may be combined with other letters, and `--argv0`
 * may be shortened. Empty when the name is the next word. Undefined for any other word.
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

/** Whether Node would read a name as an option. */
export const isOptionName = (name: string): boolean => StringPrototypeStartsWith(name, '--');

/** The first word before an index that sets such a name. */
export function wordOfOptionName(words: readonly string[], before: number): string | undefined {
  let isBehindGiver = false;
  let isNext = false;
  for (let i = 0; i < before; i++) {
    const word = words[i] as string;
    let name: string | undefined;
    if (isNext) {
      // It need not be the next word: a redirection may be before it.
      name = word;
    } else if (StringPrototypeStartsWith(word, VARIABLE)) {
      name = StringPrototypeSlice(word, VARIABLE.length);
    } else if (isBehindGiver || word === OPTION || StringPrototypeStartsWith(word, `${OPTION}=`)) {
      name = valueOf(word);
      isNext = name === '';
    }
    if (givesNames(word)) isBehindGiver = true;
    if (name !== undefined && isOptionName(name)) return word;
  }
  return undefined;
}
