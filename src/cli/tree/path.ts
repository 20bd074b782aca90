declare const bytes: unique symbol;

/** A path beneath the root, one character a byte: a file's name need not be UTF-8. */
export type TreePath = string & { readonly [bytes]: true };

export const ROOT = '' as TreePath;

// eslint-disable-next-line no-control-regex
const BEYOND_ASCII = /[^\u0000-\u007f]/;

function bytesOf(path: string): Buffer {
  return Buffer.from(path, 'latin1');
}

/** The path that text stands for. */
export function toPath(text: string): TreePath {
  return (BEYOND_ASCII.test(text) ? Buffer.from(text).toString('latin1') : text) as TreePath;
}

/** Whether the path is UTF-8. */
export function isText(path: TreePath): boolean {
  return toPath(display(path)) === path;
}

/** A path as it is written into JSON: what is not UTF-8 is in base64. */
export type WrittenPath = { path: string } | { pathBase64: string };

export function writePath(path: TreePath): WrittenPath {
  return isText(path) ? { path: display(path) } : { pathBase64: bytesOf(path).toString('base64') };
}

/** Undefined for what writePath never gave, or no file can be called. */
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

/** A path or a name as the addon takes it. */
export function toKernel(path: string): string | Buffer {
  return BEYOND_ASCII.test(path) ? bytesOf(path) : path;
}

/** A path or a name as it is shown: what is not UTF-8 looks like U+FFFD. */
export function display(bytes: string): string {
  return BEYOND_ASCII.test(bytes) ? bytesOf(bytes).toString() : bytes;
}

export function join<Path extends string>(directory: Path, name: string): Path {
  return (directory === '' ? name : `${directory}/${name}`) as Path;
}

/** The directory that a path is in. */
export function parentOf(path: TreePath): TreePath {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0)) as TreePath;
}
