import { isWatched } from '../enforcement.js';
import {
  BufferPrototypeEquals,
  StringPrototypeCharAt,
  StringPrototypeSlice,
  StringPrototypeStartsWith,
} from '../lib/primordials.js';
import { stripTypes } from './type-stripping.js';

/** The text that was checked last, by path. Kept only where a later step compares with it. */
const texts = Object.create(null) as Record<string, string>;
/** The same texts without types, for TypeScript files. */
const strippedTexts = Object.create(null) as Record<string, string | undefined>;
const binaries: Uint8Array[] = [];

/**
 * Call this with the content of a file that passed its check. Returns the text for Node to
 * compile when it differs, because types were stripped.
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
 * The text that may be compiled in place of one that claims to be a file's. That is the
 * file's own content, with its types stripped here where nothing else strips them.
 * Undefined for another text.
 */
export function approvedText(path: string, text: unknown): string | undefined {
  const approved = texts[path];
  if (approved === undefined || typeof text !== 'string') return undefined;
  const stripped = strippedTexts[path];
  if (stripped === undefined) return text === approved ? approved : undefined;
  if (text === approved) return `${stripped}\n\n//# sourceURL=${path}`;
  if (!StringPrototypeStartsWith(text, stripped)) return undefined;
  // The text that Node has added.
  const rest = StringPrototypeSlice(text, stripped.length);
  return rest === '' || isSourceUrl(rest) ? text : undefined;
}

/** Whether the text is one comment without a line terminator. */
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
