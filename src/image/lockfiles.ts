import { statSync } from 'node:fs';

import type { Hash } from './format.js';
import { readRegularFile } from './regular-file.js';

/** The files that list the packages of an application with their versions. */
const LOCKFILES = [
  'package.json',
  'package-lock.json',
  'npm-shrinkwrap.json',
  'yarn.lock',
  'pnpm-lock.yaml',
  'bun.lock',
  'bun.lockb',
] as const;

/** The SHA-256 of each in a directory, or null for a missing file. Throws node:fs's errors, and FileTypeError for what is no file. */
export function hashLockfiles(directory: string, hash: Hash): Record<string, string | null> {
  const hashes: Record<string, string | null> = {};
  for (const name of LOCKFILES) hashes[name] = hashOf(`${directory}/${name}`, hash);
  return hashes;
}

function hashOf(path: string, hash: Hash): string | null {
  // Most of them are missing, and asking is faster than catching an error.
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return null;
  return hash(readRegularFile(path));
}

/** The first name for which two directories differ. */
export function differingLockfile(
  one: Readonly<Record<string, string | null>>,
  other: Readonly<Record<string, string | null>>,
): string | undefined {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].find((name) => one[name] !== other[name]);
}
