import { StringPrototypeSlice } from './primordials.js';

/**
 * The directory of an absolute path, without a slash at its end; empty for the root and above. It
 * calls no method that a program can replace, so a walk upwards always ends at the root.
 */
export function directoryAbove(path: string): string {
  let end = path.length - 1;
  while (end > 0 && path[end] !== '/') end--;
  return end <= 0 ? '' : StringPrototypeSlice(path, 0, end);
}

const PACKAGES = '/node_modules';

/** Whether an absolute path ends in a node_modules. */
export function isNodeModules(directory: string): boolean {
  const start = directory.length - PACKAGES.length;
  return start >= 0 && StringPrototypeSlice(directory, start) === PACKAGES;
}
