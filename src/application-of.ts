import { existsSync as exists } from 'node:fs';

import { directoryAbove, isNodeModules } from './directory-above.js';

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

/** The directory of the outermost node_modules that a directory is in. */
function outermost(directory: string): string {
  let found = '';
  for (let at = directory; at !== ''; at = directoryAbove(at))
    if (isNodeModules(at)) found = directoryAbove(at);
  return found;
}

/**
 * The directory of the application that a file belongs to, for `mayexec scan` and `mayexec seal`:
 * the one with its outermost node_modules, else the one with the nearest package.json, else the
 * file's own. The path is absolute.
 */
export function applicationOf(path: string): string {
  const own = directoryAbove(path);
  const application = outermost(own);
  if (application !== '') return application;
  for (let at = own; at !== ''; at = directoryAbove(at))
    if (isThere(`${at}/package.json`)) return at;
  return own === '' ? '/' : own;
}
