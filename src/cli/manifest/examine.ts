import { closeSync } from 'node:fs';

import { byPath, type Unexamined } from '../report/findings.js';
import { errnoOf, isSame, openFile, sha256Of, stateOf, type Identity } from '../tree/file.js';
import { versionedPackageOf } from '../tree/owner.js';
import { join, parentOf, type TreePath } from '../tree/path.js';
import { TO_READ } from '../tree/open.js';
import { Walk } from '../tree/walk.js';
import type { ManifestFile } from './format.js';

const OWNER_EXECUTE = 0o100;

/** The code of a tree with its hashes. */
export interface Examined {
  /** In the order of their paths. */
  files: ManifestFile[];
  /** Symbolic links that leave the tree. */
  links: string[];
  unexamined: Unexamined[];
}

/**
 * Reads every file of code beneath a directory fd, except `leaveOut`, which is the manifest itself.
 * `also` gets each file while it is open. Throws SyscallError when the root cannot be read.
 */
export async function examineCode(
  root: number,
  title: string,
  extensions: readonly string[],
  leaveOut?: Identity,
  also?: (file: ManifestFile, fd: number) => void,
): Promise<Examined> {
  const walk = new Walk(root, extensions);
  const files: ManifestFile[] = [];

  /** Closes the fd. */
  const examine = (path: TreePath, fd: number): void => {
    try {
      const state = stateOf(fd);
      // It was replaced after the directory was read.
      if (!state.regular) return;
      if (leaveOut !== undefined && isSame(state, leaveOut)) return;
      const owner = versionedPackageOf(parentOf(path), walk.names, walk.versions);
      const file: ManifestFile = {
        path,
        sha256: sha256Of(fd),
        executable: (state.mode & OWNER_EXECUTE) !== 0,
        ...(owner === undefined ? {} : { package: owner }),
      };
      also?.(file, fd);
      files.push(file);
    } catch (error) {
      walk.fail(path, errnoOf(error));
    } finally {
      closeSync(fd);
    }
  };

  await walk.run(title, (directory, names) => {
    try {
      for (const name of names) {
        const fd = walk.open(directory, name, TO_READ);
        if (fd !== undefined) examine(join(directory.path, name), fd);
      }
    } finally {
      closeSync(directory.fd);
    }
    return undefined;
  });
  walk.visitEntryPoints((path) => {
    const fd = openFile(root, path);
    if (typeof fd === 'number') examine(path, fd);
    else if (fd !== undefined) walk.fail(path, fd);
  });
  const { links, unexamined } = walk.tree;
  return { files: files.sort(byPath), links, unexamined };
}
