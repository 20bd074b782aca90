import {
  StringPrototypeCharAt,
  StringPrototypeEndsWith,
  ObjectHasOwn,
  StringPrototypeSlice,
} from '../lib/primordials.js';
import type { LoadContext } from './node-module.js';

/** Formats by which Node parses a file without running it. */
export function isDataFormat(format: string | null | undefined): boolean {
  return format === 'json' || format === 'text' || format === 'bytes';
}

/** Formats whose `source` is not what runs. */
export function hasNoSource(format: string | null | undefined): boolean {
  return format === 'builtin' || format === 'addon';
}

export function isTypeScript(format: string | null | undefined): boolean {
  return (
    format === 'typescript' || format === 'module-typescript' || format === 'commonjs-typescript'
  );
}

/** Whether Node may take it for TypeScript before it knows a format. */
export function isNamedTypeScript(path: string): boolean {
  return (
    StringPrototypeEndsWith(path, '.ts') ||
    StringPrototypeEndsWith(path, '.mts') ||
    StringPrototypeEndsWith(path, '.cts')
  );
}

/** The format of such a module when its types have been stripped; undefined for any other. */
export function formatWithoutTypes(format: string | null | undefined): string | undefined {
  if (format === 'module-typescript') return 'module';
  return format === 'commonjs-typescript' ? 'commonjs' : undefined;
}

/** Whether what is asked for would be data. The attributes count where the format is not known yet. */
export function isData({ format, importAttributes }: LoadContext): boolean {
  if (format !== undefined && format !== null) return isDataFormat(format);
  if (importAttributes === undefined || !ObjectHasOwn(importAttributes, 'type')) return false;
  return isDataFormat(importAttributes['type']);
}

/** As the ESM loader's TextDecoder leaves it out. */
export function withoutByteOrderMark(content: string | Buffer): string | Buffer {
  return typeof content === 'string' && StringPrototypeCharAt(content, 0) === '\ufeff'
    ? StringPrototypeSlice(content, 1)
    : content;
}
