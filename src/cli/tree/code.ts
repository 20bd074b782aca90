import { isObject } from '../json-object.js';

/*
 * The rules for code: files that Node would load as code by their names, first lines and
 * package.json, and files with the user's extensions. The rules exist only here.
 */

const EXTENSIONS = new Set(['js', 'cjs', 'mjs', 'node', 'wasm', 'ts', 'cts', 'mts']);
const DECLARATION = /.\.d\.[cm]?ts$/s;

/**
 * Whether a name is one of code. A leading dot makes a hidden file, not an extension. `more` are
 * the user's own extensions, each with its dot.
 */
export function isCodeName(name: string, more: readonly string[]): boolean {
  if (more.some((end) => name.length > end.length && name.endsWith(end))) return true;
  const dot = name.lastIndexOf('.');
  return dot > 0 && EXTENSIONS.has(name.slice(dot + 1)) && !DECLARATION.test(name);
}

/** Whether the first line decides if the file is code. */
export function hasNoExtension(name: string): boolean {
  return !name.includes('.', 1);
}

/** How much of a file isNodeScript needs. The kernel honours no longer "#!" line. */
export const FIRST_LINE = 256;

/** Whether text starts with a "#!" line that names node. */
export function isNodeScript(start: string): boolean {
  return /^#!(?:[^\n]*[ \t\r/])?node(?:js)?(?:[ \t\r\n]|$)/.test(start);
}

/** Parses a package.json as Node does, which skips a byte order mark. */
export function parseManifest(text: string): unknown {
  try {
    return JSON.parse(text.startsWith('\ufeff') ? text.slice(1) : text);
  } catch {
    // Node does not use it either.
    return undefined;
  }
}

/**
 * The files that are code only because a package.json names them, relative to the package. `main`,
 * `bin`, `exports` and `imports` may name a file with any extension, and require() runs an unknown
 * one as JavaScript. JSON is data, the declarations in `exports` are for compilers, and a pattern
 * names no file.
 */
export function entryPointsOf(manifest: unknown, more: readonly string[]): string[] {
  if (!isObject(manifest)) return [];
  const { main, bin, exports, imports } = manifest;
  const named = [...strings(main), ...strings(bin)];
  for (const target of [...strings(exports), ...strings(imports)]) {
    if (target.startsWith('./') && !DECLARATION.test(target)) named.push(fileOfUrl(target));
  }
  return named.filter(
    (target) =>
      target !== '' &&
      !target.includes('*') &&
      !target.includes('\0') &&
      !target.endsWith('.json') &&
      !isCodeName(target.slice(target.lastIndexOf('/') + 1), more),
  );
}

/** `exports` and `imports` contain relative URLs: "./a%2etxt?x" is the file "./a.txt". */
function fileOfUrl(target: string): string {
  if (!/[%?#\\]/.test(target)) return target;
  try {
    return `.${decodeURIComponent(new URL(target, 'file:///').pathname)}`;
  } catch {
    return target;
  }
}

/**
 * Every string in a value, at any depth. No recursion, because a manifest may be nested too deeply
 * for the stack.
 */
function strings(value: unknown): string[] {
  const found: string[] = [];
  const pending = [value];
  while (pending.length > 0) {
    const next = pending.pop();
    if (typeof next === 'string') found.push(next);
    else if (typeof next === 'object' && next !== null)
      for (const inner of Object.values(next)) pending.push(inner);
  }
  return found;
}
