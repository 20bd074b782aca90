import { closeSync } from 'node:fs';

import { join, type TreePath } from './path.js';
import { Walk, type Tree } from './walk.js';

/** The files of code in a tree. */
export interface Listing extends Tree {
  /** Files that are code by their name or "#!" line. */
  paths: TreePath[];
  /** The ones that are code only by their "#!" line. */
  scripts: ReadonlySet<TreePath>;
  /** Files that are code because a package.json names them. */
  entryPoints: TreePath[];
}

/** Throws SyscallError when the root cannot be read. */
export async function listTree(
  root: number,
  title: string,
  extensions: readonly string[],
): Promise<Listing> {
  const walk = new Walk(root, extensions);
  const paths: TreePath[] = [];
  await walk.run(title, ({ path, fd }, names) => {
    closeSync(fd);
    for (const name of names) paths.push(join(path, name));
    return undefined;
  });
  const entryPoints: TreePath[] = [];
  walk.visitEntryPoints((path) => entryPoints.push(path));
  return { ...walk.tree, paths, scripts: walk.scripts, entryPoints };
}
