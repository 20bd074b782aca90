import { closeSync } from 'node:fs';

import { UnsupportedError } from '../../errors.js';
import { scanTree } from '../scan/tree.js';
import { openRoot, pathOfFd } from '../tree/open.js';
import { parentOf, ROOT, type TreePath } from '../tree/path.js';
import { Walk } from '../tree/walk.js';

/** The code of a directory, and how much of it the kernel would refuse now. */
export interface Installed {
  readonly root: string;
  readonly code: number;
  /** Undefined where the kernel cannot be asked. */
  readonly refused: number | undefined;
  /** How many files of code each package has, by name@version as in a log. */
  readonly packages: ReadonlyMap<string, number>;
  /** How many paths could not be examined. */
  readonly unexamined: number;
}

/** Throws SyscallError when the directory cannot be read. */
export async function lookInto(directory: string): Promise<Installed> {
  const root = openRoot(directory);
  try {
    const walk = new Walk(root, []);
    const counts = new Map<TreePath, number>();
    const count = (folder: TreePath, more: number): void =>
      void counts.set(folder, (counts.get(folder) ?? 0) + more);
    await walk.run(directory, ({ path, fd }, names) => {
      closeSync(fd);
      if (names.length > 0) count(path, names.length);
      return undefined;
    });
    walk.visitEntryPoints((path) => {
      count(parentOf(path), 1);
    });
    const packages = new Map<string, number>();
    for (const [folder, files] of counts) {
      const owner = nearestPackage(folder, walk);
      packages.set(owner, (packages.get(owner) ?? 0) + files);
    }
    return {
      root: pathOfFd(root),
      code: walk.code,
      refused: await countRefused(root, directory),
      packages,
      unexamined: walk.unexamined.length,
    };
  } finally {
    closeSync(root);
  }
}

/** The package as a record names it: the nearest package.json with a name. */
function nearestPackage(folder: TreePath, { names, versions }: Walk): string {
  for (let at = folder; ; at = parentOf(at)) {
    const name = names.get(at);
    if (name !== undefined) {
      const version = versions.get(at);
      return version === undefined ? name : `${name}@${version}`;
    }
    if (at === ROOT) return '(no package)';
  }
}

async function countRefused(root: number, directory: string): Promise<number | undefined> {
  try {
    return (await scanTree(root, directory, false)).refused.length;
  } catch (error) {
    if (error instanceof UnsupportedError) return undefined;
    throw error;
  }
}
