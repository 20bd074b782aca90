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

const isPackage = (directory: string): boolean => isThere(`${directory}/package.json`);

/**
 * The directory of the application that a file belongs to, for `mayexec scan` and `mayexec seal`:
 * the one with its outermost node_modules, or else the nearest with a package.json. A program that
 * is installed globally lies in a node_modules that belongs to no application: then the outermost
 * package counts. Undefined where there is none, so that no advice says to seal /usr/lib. The path
 * is absolute.
 */
export function applicationOf(path: string): string | undefined {
  const own = directoryAbove(path);
  const above = outermost(own);
  if (above !== '' && isPackage(above)) return above;
  let found: string | undefined;
  for (let at = own; at !== '' && at !== above; at = directoryAbove(at)) {
    if (!isPackage(at)) continue;
    found = at;
    if (above === '') break;
  }
  return found;
}
