import { StringPrototypeCharAt, StringPrototypeCharCodeAt } from './primordials.js';

const DIGITS = '0123456789abcdef';

function isControl(code: number): boolean {
  return (
    code < 0x20 ||
    (code >= 0x7f && code <= 0x9f) ||
    (code >= 0x2028 && code <= 0x202e) ||
    (code >= 0x2066 && code <= 0x2069)
  );
}

function hexadecimal(code: number): string {
  const digit = StringPrototypeCharAt(DIGITS, code & 0xf);
  return code < 16 ? digit : hexadecimal(code >> 4) + digit;
}

/**
 * Makes control characters in a text visible. An attacker chooses the name of a file, and control
 * characters in it could forge output on the terminal. native/run/message.c does the same.
 */
export function visible(text: string): string {
  let result = '';
  for (let i = 0; i < text.length; i++) {
    const code = StringPrototypeCharCodeAt(text, i);
    result += isControl(code) ? `\\u{${hexadecimal(code)}}` : StringPrototypeCharAt(text, i);
  }
  return result;
}
