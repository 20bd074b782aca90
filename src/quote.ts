import { StringPrototypeCharCodeAt } from './primordials.js';

/** Characters that a terminal obeys, or that change the direction of what is shown. */
function isControl(code: number): boolean {
  return (
    code < 0x20 ||
    (code >= 0x7f && code <= 0x9f) ||
    (code >= 0x2028 && code <= 0x202e) ||
    (code >= 0x2066 && code <= 0x2069)
  );
}

function octal(byte: number): string {
  return `\\${byte >> 6}${(byte >> 3) & 7}${byte & 7}`;
}

/** A control character by its bytes in UTF-8, as bash, zsh and ksh read them within `$'…'`. */
function inOctal(code: number): string {
  if (code < 0x80) return octal(code);
  const last = octal(0x80 | (code & 0x3f));
  if (code < 0x800) return octal(0xc0 | (code >> 6)) + last;
  return octal(0xe0 | (code >> 12)) + octal(0x80 | ((code >> 6) & 0x3f)) + last;
}

/**
 * Quotes a word for a shell, always. It calls no method that a program can replace, because it
 * quotes names in denials.
 */
export function quote(word: string): string {
  let plain = '';
  let escaped = '';
  let hasControls = false;
  for (let i = 0; i < word.length; i++) {
    const character = word[i] as string;
    const code = StringPrototypeCharCodeAt(word, i);
    const controls = isControl(code);
    if (controls) hasControls = true;
    plain += character === "'" ? "'\\''" : character;
    if (controls) escaped += inOctal(code);
    else escaped += character === "'" || character === '\\' ? `\\${character}` : character;
  }
  return hasControls ? `$'${escaped}'` : `'${plain}'`;
}

/**
 * Makes control characters visible, except those in `keep`. An attacker chooses the name of a file,
 * and its control characters could forge output on a terminal. native/run/message.c does the same.
 */
export function printable(text: string, keep = ''): string {
  let shown = '';
  for (let i = 0; i < text.length; i++) {
    const character = text[i] as string;
    const code = StringPrototypeCharCodeAt(text, i);
    let isKept = false;
    for (let j = 0; j < keep.length; j++) if (keep[j] === character) isKept = true;
    shown += isKept || !isControl(code) ? character : `\\u{${hexadecimal(code)}}`;
  }
  return shown;
}

const DIGITS = '0123456789abcdef';

function hexadecimal(code: number): string {
  return code < 16
    ? (DIGITS[code] as string)
    : hexadecimal(code >> 4) + (DIGITS[code & 15] as string);
}
