import {
  JSONParse,
  ObjectHasOwn,
  StringPrototypeCharAt,
  StringPrototypeEndsWith,
  StringPrototypeSlice,
  uncurryThis,
} from '../lib/primordials.js';
import type { LoadContext, Source } from './node-module.js';

/** Whether Node parses a file of this format without running it. */
export function isDataFormat(format: string | null | undefined): boolean {
  return format === 'json' || format === 'text' || format === 'bytes';
}

/** Whether Node runs something other than the `source` of this format. */
export function hasNoSource(format: string | null | undefined): boolean {
  return format === 'builtin' || format === 'addon';
}

export function isTypeScript(format: string | null | undefined): boolean {
  return (
    format === 'typescript' || format === 'module-typescript' || format === 'commonjs-typescript'
  );
}

/** Whether Node may treat the file as TypeScript before it knows a format. */
export function isNamedTypeScript(path: string): boolean {
  return (
    StringPrototypeEndsWith(path, '.ts') ||
    StringPrototypeEndsWith(path, '.mts') ||
    StringPrototypeEndsWith(path, '.cts')
  );
}

/**
 * The format of a TypeScript module once its types are stripped. Undefined for any other
 * format.
 */
export function formatWithoutTypes(format: string | null | undefined): string | undefined {
  if (format === 'module-typescript') return 'module';
  return format === 'commonjs-typescript' ? 'commonjs' : undefined;
}

/**
 * Whether the requested module would be data. The attributes count while the format is
 * unknown. The CommonJS loader parses JSON and compiles everything else.
 */
export function isData({ format, importAttributes }: LoadContext, fromRequire: boolean): boolean {
  if (fromRequire) return format === 'json';
  if (format !== undefined && format !== null) return isDataFormat(format);
  if (importAttributes === undefined || !ObjectHasOwn(importAttributes, 'type')) return false;
  return isDataFormat(importAttributes['type']);
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const decode = uncurryThis(
  // eslint-disable-next-line @typescript-eslint/unbound-method -- given its `this` below
  TextDecoder.prototype.decode,
);

/** A source, decoded to text as Node would decode it. */
export function asText(source: Source): Source {
  if (source === undefined || source === null || typeof source === 'string') return source;
  return decode(decoder, source as Uint8Array);
}

/** Throws SyntaxError unless a text is JSON. JSON is harmless even where it is compiled as code. */
export function parseJson(text: string): void {
  JSONParse(withoutByteOrderMark(text));
}

/** Whether a source is JSON by its content. */
export function isJson(source: unknown): boolean {
  if (typeof source !== 'string') return false;
  try {
    parseJson(source);
    return true;
  } catch {
    return false;
  }
}

/** Without the byte order mark, as the ESM loader's TextDecoder returns it. */
export function withoutByteOrderMark<T extends string | Buffer>(content: T): T | string {
  return typeof content === 'string' && StringPrototypeCharAt(content, 0) === '\ufeff'
    ? StringPrototypeSlice(content, 1)
    : content;
}
