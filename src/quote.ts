import { HIDDEN_CHARACTERS } from './hidden-characters.js';
import { StringPrototypeCharCodeAt } from './primordials.js';

/** Whether a character could forge output on a terminal, or hide in it. */
function isHidden(code: number): boolean {
  // Most are plain.
  if (code >= 0x20 && code < 0x7f) return false;
  for (let i = 0; i < HIDDEN_CHARACTERS.length; i++) {
    const range = HIDDEN_CHARACTERS[i] as readonly [number, number];
    if (code >= range[0] && code <= range[1]) return true;
  }
  return false;
}

/** The character that begins at this place. One beyond U+FFFF has two code units. */
function codePointAt(text: string, at: number): number {
  const high = StringPrototypeCharCodeAt(text, at);
  if (high < 0xd800 || high > 0xdbff || at + 1 === text.length) return high;
  const low = StringPrototypeCharCodeAt(text, at + 1);
  return low < 0xdc00 || low > 0xdfff ? high : ((high & 0x3ff) << 10) + (low & 0x3ff) + 0x10000;
}

function octal(byte: number): string {
  return `\\${byte >> 6}${(byte >> 3) & 7}${byte & 7}`;
}

/** A hidden character by its bytes in UTF-8, as bash, zsh and ksh read them within `$'…'`. */
function inOctal(code: number): string {
  if (code < 0x80) return octal(code);
  const last = octal(0x80 | (code & 0x3f));
  if (code < 0x800) return octal(0xc0 | (code >> 6)) + last;
  const third = octal(0x80 | ((code >> 6) & 0x3f)) + last;
  if (code < 0x10000) return octal(0xe0 | (code >> 12)) + third;
  return octal(0xf0 | (code >> 18)) + octal(0x80 | ((code >> 12) & 0x3f)) + third;
}

/**
 * Quotes a word for a shell, always. It calls no method that a program can replace, because it
 * quotes names in denials.
 */
export function quote(word: string): string {
  let plain = '';
  let escaped = '';
  let hasHidden = false;
  for (let i = 0; i < word.length; i++) {
    const character = word[i] as string;
    const code = codePointAt(word, i);
    plain += character === "'" ? "'\\''" : character;
    if (isHidden(code)) {
      hasHidden = true;
      escaped += inOctal(code);
      if (code > 0xffff) i++;
    } else {
      escaped += character === "'" || character === '\\' ? `\\${character}` : character;
    }
  }
  return hasHidden ? `$'${escaped}'` : `'${plain}'`;
}

/**
 * Makes hidden characters visible, except those in `keep`. An attacker chooses the name of a file,
 * and they could forge output on a terminal. native/run/message.c does the same.
 */
export function printable(text: string, keep = ''): string {
  let shown = '';
  for (let i = 0; i < text.length; i++) {
    const character = text[i] as string;
    const code = codePointAt(text, i);
    let isKept = false;
    for (let j = 0; j < keep.length; j++) if (keep[j] === character) isKept = true;
    if (isKept || !isHidden(code)) {
      shown += character;
    } else {
      shown += `\\u{${hexadecimal(code)}}`;
      if (code > 0xffff) i++;
    }
  }
  return shown;
}

const DIGITS = '0123456789abcdef';

function hexadecimal(code: number): string {
  return code < 16
    ? (DIGITS[code] as string)
    : hexadecimal(code >> 4) + (DIGITS[code & 15] as string);
}
