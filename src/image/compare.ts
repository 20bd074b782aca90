import { ImageError, SHA256, type Directory, type Hash, type Meta } from './format.js';
import { differingLockfile } from './lockfiles.js';
import { lengthOf, readModuleAt } from './read.js';

/** The application on the disk, by the same rules as an image was made. */
export interface Tree {
  readonly root: string;
  readonly lockfiles: Meta['lockfiles'];
  /** A character a byte, sorted. */
  readonly paths: readonly string[];
  readonly read: (path: string) => Uint8Array;
}

/** What differs, a line each. Throws ImageError for a module that is broken. */
export function compareWithTree(
  { fd, directory }: { fd: number; directory: Directory },
  tree: Tree,
  hash: Hash,
): string[] {
  const { meta, paths, pathEnds, bytecodeLengths, hashes } = directory;
  const lines: string[] = [];
  if (meta.root !== tree.root) lines.push(`it was made of ${meta.root}, and this is ${tree.root}`);
  const lockfile = differingLockfile(meta.lockfiles, tree.lockfiles);
  if (lockfile !== undefined) lines.push(`${lockfile} is another one`);
  const missing = new Set(tree.paths);
  for (let i = 0; i < directory.count; i++) {
    const path = paths.toString('latin1', pathEnds[i - 1] ?? 0, pathEnds[i]);
    const shown = Buffer.from(path, 'latin1').toString();
    const bytes = new Uint8Array(lengthOf(directory, i));
    readModuleAt(fd, directory, i, bytes);
    if (hash(bytes) !== hashes.toString('hex', i * SHA256, (i + 1) * SHA256)) {
      throw new ImageError(`${shown} in it is not what its directory says (SHA-256)`);
    }
    if (!missing.delete(path)) lines.push(`${shown} is no code on the disk`);
    else if (!Buffer.from(bytes.subarray(bytecodeLengths[i])).equals(tree.read(path))) {
      lines.push(`${shown} holds something else on the disk`);
    }
  }
  for (const path of missing) {
    lines.push(`${Buffer.from(path, 'latin1').toString()} is not in the image`);
  }
  return lines;
}
