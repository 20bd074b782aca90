import { existsSync as exists } from 'node:fs';

// The program whose files are checked may replace it later.
const existsSync = exists;

/** Under --permission Node throws for what the program may not read. */
function isThere(path: string): boolean {
  try {
    return existsSync(path);
  } catch {
    return false;
  }
}

const PACKAGES = '/node_modules/';

/**
 * The directory of the application that a file belongs to, for `mayexec scan` and `mayexec seal`:
 * the one with its outermost node_modules, else the one with the nearest package.json, else the
 * file's own. The path is absolute.
 */
export function applicationOf(path: string): string {
  const outermost = path.indexOf(PACKAGES);
  if (outermost > 0) return path.slice(0, outermost);
  const own = path.slice(0, path.lastIndexOf('/'));
  for (let at = own; at !== ''; at = at.slice(0, at.lastIndexOf('/')))
    if (isThere(`${at}/package.json`)) return at;
  return own === '' ? '/' : own;
}
