import { fileURLToPath } from 'node:url';

import {
  EncodeURI,
  StringPrototypeEndsWith,
  StringPrototypeIncludes,
  StringPrototypeIndexOf,
  StringPrototypeSlice,
  StringPrototypeStartsWith,
} from './primordials.js';

const toPath = fileURLToPath;
const START = 'file://';

/**
 * Whether a URL of a file has its path behind `file://` as it is: with nothing encoded, and nothing
 * that a parser of URLs takes away.
 */
function hasPlainPath(url: string): boolean {
  if (!StringPrototypeStartsWith(url, 'file:///')) return false;
  try {
    // It encodes each percent sign, space, backslash, control character and letter beyond ASCII.
    if (EncodeURI(url) !== url) return false;
  } catch {
    return false;
  }
  return (
    StringPrototypeIndexOf(url, '//', START.length) === -1 &&
    !StringPrototypeIncludes(url, '?') &&
    !StringPrototypeIncludes(url, '#') &&
    !StringPrototypeIncludes(url, '/./') &&
    !StringPrototypeIncludes(url, '/../') &&
    !StringPrototypeEndsWith(url, '/.') &&
    !StringPrototypeEndsWith(url, '/..')
  );
}

/**
 * What fileURLToPath returns for the URL of a module. Node parses the URL for that, which takes it
 * longer than to read a small file, and V8 compiles the loop in it.
 */
export function pathOfFileUrl(url: string): string {
  return hasPlainPath(url) ? StringPrototypeSlice(url, START.length) : toPath(url);
}
