import { OWN_PREFIX } from '../settings.js';
import {
  StringPrototypeCharAt,
  StringPrototypeIncludes,
  StringPrototypeSlice,
  StringPrototypeStartsWith,
} from '../lib/primordials.js';
import { append, newList } from '../lib/append.js';
import { baseName } from './base-name.js';

/*
 * Words of a command line that remove the preload from the environment of a Node behind them. A
 * child gets the preload by NODE_OPTIONS, and its settings by MAYEXEC_ variables.
 */

/** The text behind the first equals sign. */
function valueOf(word: string): string {
  for (let i = 0; i < word.length; i++) {
    if (StringPrototypeCharAt(word, i) === '=') return StringPrototypeSlice(word, i + 1);
  }
  return '';
}

/** Whether an option of env(1) empties the environment. `-S` has options in its text. */
function empties(word: string): boolean {
  if (word === '-') return true;
  if (StringPrototypeStartsWith(word, '--')) {
    if (StringPrototypeStartsWith(word, '--s')) return empties(valueOf(word));
    return word.length > 2 && StringPrototypeStartsWith('--ignore-environment', word);
  }
  if (StringPrototypeCharAt(word, 0) !== '-') return false;
  for (let i = 1; i < word.length; i++) {
    switch (StringPrototypeCharAt(word, i)) {
      case 'i':
        return true;
      case 'S':
        return empties(StringPrototypeSlice(word, i + 1));
      // The rest of the word is the value of these.
      case 'u':
      case 'C':
      case 'a':
        return false;
    }
  }
  return false;
}

/** Whether a word is an option of a shell's `exec` that empties the environment. */
const emptiesForExec = (word: string): boolean =>
  StringPrototypeCharAt(word, 0) === '-' && StringPrototypeIncludes(word, 'c');

/** An option of setpriv(1), which getopt(3) also takes shortened. */
const resets = (word: string): boolean =>
  StringPrototypeStartsWith(word, '--res') &&
  (StringPrototypeStartsWith('--reset-env', word) ||
    StringPrototypeStartsWith(word, '--reset-env'));

/** su(1) and runuser(1) give a login another environment. */
function isSu(word: string): boolean {
  const base = baseName(word);
  return base === 'su' || base === 'runuser';
}

/** The first of the letters of su(1) and runuser(1) that have a value, or that of a login. */
function optionOfSu(word: string): string {
  if (StringPrototypeCharAt(word, 0) !== '-' || StringPrototypeCharAt(word, 1) === '-') return '';
  for (let i = 1; i < word.length; i++) {
    const letter = StringPrototypeCharAt(word, i);
    if (StringPrototypeIncludes('cgGsTuwl', letter)) return letter;
  }
  return '';
}

/** Whether a word is `-`, -l or --login, which getopt(3) also takes shortened. */
const logsIn = (word: string): boolean =>
  word === '-' ||
  optionOfSu(word) === 'l' ||
  (StringPrototypeStartsWith(word, '--l') && StringPrototypeStartsWith('--login', word));

const givesCommand = (word: string): boolean =>
  optionOfSu(word) === 'c' || StringPrototypeStartsWith(word, '--c');

/** The words with the option of a login right behind su(1), which also takes it behind its text. */
export function withLoginFirst(words: readonly string[]): readonly string[] {
  let su = 0;
  while (su < words.length && !isSu(words[su] as string)) su++;
  let login = su + 1;
  while (login < words.length && !logsIn(words[login] as string)) login++;
  if (login >= words.length) return words;
  const list: string[] = newList();
  for (let i = 0; i < words.length; i++) {
    append(list, words[i] as string);
    if (i === su) append(list, words[login] as string);
  }
  return list;
}

const isEnv = (word: string): boolean => baseName(word) === 'env';

/** Whether env(1) may read some of the words. */
export function mentionsEnv(words: readonly string[]): boolean {
  for (let i = 0; i < words.length; i++) if (isEnv(words[i] as string)) return true;
  return false;
}

/** The first such word before an index. */
export function clearingWord(words: readonly string[], before: number): string | undefined {
  let isBehindEnv = false;
  let isBehindExec = false;
  // And in front of the text of -c.
  let isBehindSu = false;
  for (let i = 0; i < before; i++) {
    const word = words[i] as string;
    if (
      StringPrototypeIncludes(word, 'NODE_OPTIONS') ||
      StringPrototypeIncludes(word, OWN_PREFIX) ||
      resets(word) ||
      (isBehindEnv && empties(word)) ||
      (isBehindSu && logsIn(word)) ||
      (isBehindExec && emptiesForExec(word))
    ) {
      return word;
    }
    if (isEnv(word)) isBehindEnv = true;
    if (isSu(word)) isBehindSu = true;
    if (givesCommand(word)) isBehindSu = false;
    if (word === 'exec') isBehindExec = true;
  }
  return undefined;
}
