import { accessSync, closeSync, constants, statSync, type Stats } from 'node:fs';

import { addon } from '../../addon.js';
import { byPath, type Unexamined } from '../report/findings.js';
import { display, join, ROOT, type TreePath } from '../tree/path.js';
import { Walk } from '../tree/walk.js';
import type { ServiceUser } from './service-user.js';

/** Why the user may write: as the owner, by the mode bits of a class, or in another way. */
export type Way = 'owner' | 'group' | 'others' | 'acl';

/** A file or directory that a user can both write and have executed. */
export interface Writable {
  /** Relative to the tree. Absolute for a directory above it. */
  path: string;
  type: 'file' | 'directory';
  way: Way;
}

export interface WritableScan {
  code: number;
  files: number;
  found: Writable[];
  unexamined: Unexamined[];
}

const GROUP_WRITE = 0o020;
const OTHERS_WRITE = 0o002;

/** access(2) for the user of this process. Undefined when it is granted, else the errno's name. */
function may(path: Buffer | string, mode: number): string | undefined {
  try {
    accessSync(path, mode);
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  }
}

function wayOf({ mode, uid, gid }: Stats, user: ServiceUser): Way {
  if (uid === user.uid) return 'owner';
  const isInGroup = gid === user.gid || user.groups.includes(gid);
  if (isInGroup && (mode & GROUP_WRITE) !== 0) return 'group';
  return (mode & OTHERS_WRITE) === 0 ? 'acl' : 'others';
}

/**
 * Whether the user can change a file or directory and have the result executed. An owner who may
 * not write can change the mode, unless the file system is read-only or the file immutable.
 */
function changes(path: Buffer | string, user: ServiceUser): Way | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return undefined;
  const owns = stat.uid === user.uid;
  const refused = may(path, constants.W_OK);
  if (refused !== undefined && !(owns && refused === 'EACCES')) return undefined;
  // Only the owner can give x.
  if (!owns && may(path, constants.X_OK) !== undefined) return undefined;
  return wayOf(stat, user);
}

/**
 * The directories above the tree that the user can exchange for others, with everything beneath
 * them.
 */
function above(root: string, user: ServiceUser): Writable[] {
  const found: Writable[] = [];
  for (let at = root; at !== '/';) {
    at = at.slice(0, Math.max(at.lastIndexOf('/'), 1));
    const own = statSync(at);
    const way = changes(at, user);
    // In a sticky directory, such as /tmp, only owners can rename.
    if (way === undefined || (way !== 'owner' && (own.mode & 0o1000) !== 0)) continue;
    found.push({ path: at, type: 'directory', way });
  }
  return found;
}

/**
 * Finds what the user of this process can both write and have executed: files of code in a tree,
 * directories where the user can add or exchange files, and the directories above the tree. `root`
 * is an fd, and `at` is its absolute path. Rejects with SyscallError.
 */
export async function scanWritable(
  root: number,
  at: string,
  user: ServiceUser,
  extensions: readonly string[],
): Promise<WritableScan> {
  const native = addon();
  const found: Writable[] = [];
  const walk = new Walk(root, extensions);
  const look = (path: TreePath, type: Writable['type']): void => {
    const absolute = Buffer.concat([Buffer.from(`${at}/`), Buffer.from(path, 'latin1')]);
    const way = changes(path === ROOT ? at : absolute, user);
    if (way !== undefined) found.push({ path: path === ROOT ? '.' : display(path), type, way });
  };
  await walk.run(at, ({ path, fd }, names) => {
    try {
      if (native.onNoexecMount(fd) === 1) return undefined;
      look(path, 'directory');
      for (const name of names) look(join(path, name), 'file');
    } finally {
      closeSync(fd);
    }
    return undefined;
  });
  walk.visitEntryPoints((path) => {
    look(path, 'file');
  });
  const { code, files } = walk;
  // The user can neither write nor execute a file that is out of reach.
  const unexamined = walk.unexamined.filter(({ errno }) => errno !== 'EACCES').sort(byPath);
  return { code, files, found: [...above(at, user), ...found.sort(byPath)], unexamined };
}
