import { isWatched } from '../enforcement.js';
import { append } from '../lib/append.js';
import {
  BufferPrototypeEquals,
  StringPrototypeSlice,
  StringPrototypeStartsWith,
} from '../lib/primordials.js';
import { isSourceUrl } from '../lib/source-url.js';
import { stripAnyTypes, stripTypes, type Stripped } from './type-stripping.js';

/** The text that was checked last, by path. Kept only where a later step compares with it. */
const texts = Object.create(null) as Record<string, string>;
/** The same texts without types, for TypeScript files. */
const strippedTexts = Object.create(null) as Record<string, Stripped | undefined>;
const Bytes = Uint8Array;
const binaries: Uint8Array[] = [];

/**
 * Call this with the content of a file that passed its check, and with the name that Node gives to
 * TypeScript. Returns what became of its types.
 */
export function noteApproved(
  path: string,
  content: string | Uint8Array,
  typeScriptName: string | undefined,
): Stripped | undefined {
  if (typeof content !== 'string') {
    // A module hook gets the content itself, and can write into it.
    if (isWatched('wasm')) append(binaries, new Bytes(content));
    return undefined;
  }
  if (!isWatched('compile')) return undefined;
  const stripped = typeScriptName === undefined ? undefined : stripTypes(content, typeScriptName);
  texts[path] = content;
  strippedTexts[path] = stripped;
  return stripped;
}

/**
 * Call this with a text that only a hook of the program takes for TypeScript, before Node strips its
 * types. Returns what became of the types, if it is the text of the file.
 */
export function noteTypes(path: string, text: string, name: string): Stripped | undefined {
  if (text !== texts[path]) return undefined;
  strippedTexts[path] ??= stripAnyTypes(text, name);
  return strippedTexts[path];
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
  if (text === approved) return stripped?.text ?? approved;
  const code = stripped?.code;
  if (code === undefined) return undefined;
  if (text === stripped?.text) return text;
  if (!StringPrototypeStartsWith(text, code)) return undefined;
  // The name may be another one, if the file was loaded by both of Node's loaders.
  const rest = StringPrototypeSlice(text, code.length);
  return rest === '' || isSourceUrl(rest) ? text : undefined;
}

/** Throws Node's error for types that Node does not strip. Undefined where it does. */
export function failureToStrip(path: string): ((filename: string) => never) | undefined {
  return strippedTexts[path]?.fail;
}

export function isApprovedBinary(bytes: Uint8Array): boolean {
  for (let i = 0; i < binaries.length; i++) {
    const binary = binaries[i];
    if (binary !== undefined && BufferPrototypeEquals(binary, bytes)) return true;
  }
  return false;
}
