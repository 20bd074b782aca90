import { builtin } from '../lib/builtins.js';
import { isClosed } from '../enforcement.js';
import {
  BufferPrototypeEquals,
  StringPrototypeCharAt,
  StringPrototypeSlice,
  StringPrototypeStartsWith,
} from '../lib/primordials.js';

/** By path, the text that was checked last. Kept only where somebody compares with it. */
const texts = Object.create(null) as Record<string, string>;
/** Of these, the ones whose types Node strips. */
const typed = Object.create(null) as Record<string, boolean>;
const binaries: Uint8Array[] = [];

const { stripTypeScriptTypes } = builtin<{ stripTypeScriptTypes?: (text: string) => string }>(
  'node:module',
);

export function warmTypeScript(): void {
  stripTypeScriptTypes?.('');
}

export function noteApproved(
  path: string,
  content: string | Uint8Array,
  isTypeScript: boolean,
): void {
  if (typeof content === 'string') {
    if (!isClosed('compile')) return;
    texts[path] = content;
    typed[path] = isTypeScript;
  } else if (isClosed('wasm')) {
    binaries[binaries.length] = content;
  }
}

/** Whether a text is what a file holds, or that with its types stripped as Node does it. */
export function isApprovedText(path: string, text: unknown): boolean {
  const approved = texts[path];
  if (approved === undefined || typeof text !== 'string') return false;
  if (text === approved) return true;
  if (typed[path] !== true || stripTypeScriptTypes === undefined) return false;
  if (!StringPrototypeStartsWith(text, stripTypeScriptTypes(approved))) return false;
  // Types become spaces, so that the rest is what Node has added.
  const rest = StringPrototypeSlice(text, approved.length);
  return rest === '' || isSourceUrl(rest);
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
