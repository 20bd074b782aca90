import { StringPrototypeIndexOf, StringPrototypeSlice } from '../lib/primordials.js';

/** A text as C code reads it: it ends at a NUL. */
export function cString(text: string): string;
export function cString(text: string | undefined): string | undefined;
export function cString(text: string | undefined): string | undefined {
  const end = text === undefined ? -1 : StringPrototypeIndexOf(text, '\0');
  return text === undefined || end < 0 ? text : StringPrototypeSlice(text, 0, end);
}
