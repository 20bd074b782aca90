declare const bytes: unique symbol;

/**
 * A path beneath the root with one character for each byte, because a file's name need not be
 * UTF-8.
 */
export type TreePath = string & { readonly [bytes]: true };

export const ROOT = '' as TreePath;

// eslint-disable-next-line no-control-regex
const BEYOND_ASCII = /[^\u0000-\u007f]/;

function bytesOf(path: string): Buffer {
  return Buffer.from(path, 'latin1');
}

/** The path of a text. */
export function toPath(text: string): TreePath {
  return (BEYOND_ASCII.test(text) ? Buffer.from(text).toString('latin1') : text) as TreePath;
}

/** Whether the path is UTF-8. */
export function isText(path: TreePath): boolean {
  return toPath(display(path)) === path;
}

/** A path in JSON. A path that is not UTF-8 is in base64. */
export type WrittenPath = { path: string } | { pathBase64: string };

export function writePath(path: TreePath): WrittenPath {
  return isText(path) ? { path: display(path) } : { pathBase64: bytesOf(path).toString('base64') };
}

/** Undefined for a value that writePath never returns, or that cannot be a file's path. */
export function readPath({
  path: text,
  pathBase64,
}: Record<string, unknown>): TreePath | undefined {
  if (typeof text !== 'string' && typeof pathBase64 !== 'string') return undefined;
  const path =
    typeof text === 'string'
      ? toPath(text)
      : (Buffer.from(pathBase64 as string, 'base64').toString('latin1') as TreePath);
  return path === '' || path.includes('\0') ? undefined : path;
}

/** A path or a name for the addon. */
export function toKernel(path: string): string | Buffer {
  return BEYOND_ASCII.test(path) ? bytesOf(path) : path;
}

/** A path or a name for display. Bytes that are not UTF-8 become U+FFFD. */
export function display(bytes: string): string {
  return BEYOND_ASCII.test(bytes) ? bytesOf(bytes).toString() : bytes;
}

export function join<Path extends string>(directory: Path, name: string): Path {
  return (directory === '' ? name : `${directory}/${name}`) as Path;
}

/** The parent directory of a path. */
export function parentOf(path: TreePath): TreePath {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0)) as TreePath;
}
