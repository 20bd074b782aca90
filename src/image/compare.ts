import { addon, IMAGE_BYTECODE, IMAGE_SOURCE } from '../addon.js';
import {
  ImageError,
  placeOf,
  sourceSha256,
  verifyPlaces,
  type Directory,
  type Meta,
} from './format.js';
import { differingLockfile } from './lockfiles.js';
import { sha256 } from './read.js';

/** The application on the disk, listed by the rules for making an image. */
export interface Tree {
  readonly root: string;
  readonly lockfiles: Meta['lockfiles'];
  /** Sorted, with one character for each byte. */
  readonly paths: readonly string[];
  readonly read: (path: string) => Uint8Array;
}

/** One line for each difference. Throws ImageError for a broken module. */
export function compareWithTree(
  { fd, directory }: { fd: number; directory: Directory },
  tree: Tree,
): string[] {
  verifyPlaces(directory);
  const { meta, paths, records } = directory;
  const lines: string[] = [];
  if (meta.root !== tree.root) lines.push(`it was made of ${meta.root}, and this is ${tree.root}`);
  const lockfile = differingLockfile(meta.lockfiles, tree.lockfiles);
  if (lockfile !== undefined) lines.push(`${lockfile} has changed`);
  const missing = new Set(tree.paths);
  for (let i = 0; i < directory.count; i++) {
    const { pathStart, pathEnd } = placeOf(directory, i);
    const path = paths.toString('latin1', pathStart, pathEnd);
    const shown = Buffer.from(path, 'latin1').toString();
    const read = (part: number): Buffer => {
      const bytes = addon().imageRead(fd, records, i, part);
      if (typeof bytes === 'object') return bytes;
      throw new ImageError(`${shown} in it does not have the SHA-256 in its directory`);
    };
    read(IMAGE_BYTECODE);
    if (meta.sources) read(IMAGE_SOURCE);
    if (!missing.delete(path)) lines.push(`${shown} is not code on the disk`);
    else if (sourceSha256(records, i) !== sha256(tree.read(path))) {
      lines.push(`${shown} has another content on the disk`);
    }
  }
  for (const path of missing) {
    lines.push(`${Buffer.from(path, 'latin1').toString()} is not in the image`);
  }
  return lines;
}
