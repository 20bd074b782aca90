import { isWatched } from '../enforcement.js';
import {
  BufferPrototypeEquals,
  StringPrototypeCharAt,
  StringPrototypeSlice,
  StringPrototypeStartsWith,
} from '../lib/primordials.js';
import { stripTypes } from './type-stripping.js';

/** By path, the text that was checked last. Kept only where somebody compares with it. */
const texts = Object.create(null) as Record<string, string>;
/** Of these, what is left of TypeScript without its types. */
const strippedTexts = Object.create(null) as Record<string, string | undefined>;
const binaries: Uint8Array[] = [];

/**
 * To be called with what a file holds that passed its check. Returns the text that Node is to
 * compile where it is another one, since types are stripped from it.
 */
export function noteApproved(
  path: string,
  content: string | Uint8Array,
  isTypeScript: boolean,
): string | undefined {
  if (typeof content !== 'string') {
    if (isWatched('wasm')) binaries[binaries.length] = content;
    return undefined;
  }
  if (!isWatched('compile')) return undefined;
  const stripped = isTypeScript ? stripTypes(content) : undefined;
  texts[path] = content;
  strippedTexts[path] = stripped;
  return stripped;
}

/**
 * The text that may be compiled for one that is said to be a file's: what that file holds,
 * its types stripped here, where nobody else does it. Undefined for another text.
 */
export function approvedText(path: string, text: unknown): string | undefined {
  const approved = texts[path];
  if (approved === undefined || typeof text !== 'string') return undefined;
  const stripped = strippedTexts[path];
  if (stripped === undefined) return text === approved ? approved : undefined;
  if (text === approved) return `${stripped}\n\n//# sourceURL=${path}`;
  if (!StringPrototypeStartsWith(text, stripped)) return undefined;
  // What Node has added.
  const rest = StringPrototypeSlice(text, stripped.length);
  return rest === '' || isSourceUrl(rest) ? text : undefined;
}

/** One comment, which no line terminator ends. */
function isSourceUrl(text: string): boolean {
  const start = '\n\n//# sourceURL=';
  if (!StringPrototypeStartsWith(text, start)) return false;
  for (let i = start.length; i < text.length; i++) {
    const character = StringPrototypeCharAt(text, i);
    if (character === '\n' || character === '\r') return false;
    if (character === '\u2028' || character === '\u2029') return false;
  }
  return true;
}

export function isApprovedBinary(bytes: Uint8Array): boolean {
  for (let i = 0; i < binaries.length; i++) {
    const binary = binaries[i];
    if (binary !== undefined && BufferPrototypeEquals(binary, bytes)) return true;
  }
  return false;
}
