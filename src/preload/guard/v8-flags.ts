import { parseAllWords } from '../../tables/words.js';
import { isEnforcedOrAudited } from '../enforcement.js';
import { checkOptions } from '../inherit/check-options.js';
import { append } from '../lib/append.js';
import { builtin, whenAsked } from '../lib/builtins.js';
import { ReflectApply, StringPrototypeCharAt, StringPrototypeIndexOf } from '../lib/primordials.js';
import { replace } from '../lib/replace.js';

type SetFlags = (flags: unknown) => void;

/** V8 separates its flags by these, and knows no quotes. */
const SPACE = ' \t\n\v\f\r';

function wordsOf(flags: string): string[] {
  const words: string[] = [];
  let word = '';
  for (let i = 0; i <= flags.length; i++) {
    const character = StringPrototypeCharAt(flags, i);
    if (character !== '' && StringPrototypeIndexOf(SPACE, character) < 0) {
      word += character;
      continue;
    }
    if (word !== '') append(words, word);
    word = '';
  }
  return words;
}

/** What a start refuses among V8's options is refused in a running program, too. */
export function guardV8Flags(): void {
  whenAsked(['node:v8'], () => {
    const v8 = builtin<object>('node:v8');
    replace<SetFlags>(v8, 'setFlagsFromString', (setFlags) => (flags) => {
      // Node reports that they are no string.
      if (typeof flags === 'string' && isEnforcedOrAudited()) {
        checkOptions(parseAllWords(wordsOf(flags)));
      }
      ReflectApply(setFlags, v8, [flags]);
    });
  });
}
