import { closeSync } from 'node:fs';

import type { Unexamined } from '../report/findings.js';
import { errnoOf, openFile, sha256Of, stateOf } from '../tree/file.js';
import { display, type TreePath } from '../tree/path.js';
import type { Examined } from './examine.js';
import type { Manifest, ManifestFile } from './format.js';

/** How a file differs from what was approved. */
export type Difference =
  /** It has another content. */
  | 'content'
  /** It has lost x. */
  | 'mode'
  /** It is not a regular file, or a symbolic link is in its path. */
  | 'not-regular';

export interface Comparison {
  /** The number of files that match the manifest. */
  same: number;
  different: { path: string; package?: string; difference: Difference }[];
  missing: { path: string; package?: string }[];
  /** Code that is not in the manifest, and whether it has x. */
  new: { path: string; package?: string; executable: boolean }[];
  unexamined: Unexamined[];
}

/** Compares the code of the tree beneath a directory fd with a manifest. */
export function compare(root: number, manifest: Manifest, found: Examined): Comparison {
  const result: Comparison = { same: 0, different: [], missing: [], new: [], unexamined: [] };
  const present = new Map(found.files.map((file) => [file.path, file]));
  for (const approved of manifest.files) {
    const told = {
      path: display(approved.path),
      ...(approved.package === undefined ? {} : { package: approved.package }),
    };
    const now = present.get(approved.path) ?? lookAt(root, approved.path);
    present.delete(approved.path);
    if (now === 'missing') result.missing.push(told);
    else if (typeof now === 'string') {
      if (now === 'not-regular') result.different.push({ ...told, difference: now });
      else result.unexamined.push({ path: told.path, errno: now });
    } else {
      const difference = differenceOf(approved, now);
      if (difference === undefined) result.same++;
      else result.different.push({ ...told, difference });
    }
  }
  for (const { path, package: owner, executable } of present.values()) {
    result.new.push({
      path: display(path),
      ...(owner === undefined ? {} : { package: owner }),
      executable,
    });
  }
  return result;
}

type Content = Pick<ManifestFile, 'sha256' | 'executable'>;

/** A file that was approved without x may have x now, because seal gives it. */
function differenceOf(approved: Content, now: Content): Difference | undefined {
  if (approved.sha256 !== now.sha256) return 'content';
  return approved.executable && !now.executable ? 'mode' : undefined;
}

/** Looks at a file that was not found as code. The package.json that named it may have changed. */
function lookAt(root: number, path: TreePath): Content | string {
  const fd = openFile(root, path);
  switch (fd) {
    case undefined:
    case 'ENOTDIR':
      return 'missing';
    case 'ELOOP':
    case 'ENXIO':
      return 'not-regular';
  }
  if (typeof fd === 'string') return fd;
  try {
    const { regular, mode } = stateOf(fd);
    return regular ? { sha256: sha256Of(fd), executable: (mode & 0o100) !== 0 } : 'not-regular';
  } catch (error) {
    return errnoOf(error);
  } finally {
    closeSync(fd);
  }
}
