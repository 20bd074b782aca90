import { StringPrototypeCharAt, StringPrototypeStartsWith } from './primordials.js';

/** How a comment begins that names a text for debuggers and stacks. Node adds it to stripped files. */
export const SOURCE_URL = '\n\n//# sourceURL=';

/** Whether a line of JavaScript ends in this text, from an index on. */
export function hasLineTerminator(text: string, from: number): boolean {
  for (let i = from; i < text.length; i++) {
    const character = StringPrototypeCharAt(text, i);
    if (character === '\n' || character === '\r') return true;
    if (character === '\u2028' || character === '\u2029') return true;
  }
  return false;
}

/** Whether the text is one comment without a line terminator. */
export function isSourceUrl(text: string): boolean {
  return StringPrototypeStartsWith(text, SOURCE_URL) && !hasLineTerminator(text, SOURCE_URL.length);
}
