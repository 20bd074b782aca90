import { addon } from '../addon.js';
import { constants } from '../constants.js';
import { EBADF } from '../errno.js';

/** A walk for `scan` that began before the rest of the command was loaded. */
export interface HeadStart {
  directory: string;
  root: number;
  records: Promise<Buffer | number>;
}

/** The options that make no difference to the walk. */
const FORMS = ['--all', '--json', '--sarif', '--junit'];

/**
 * Begins the walk of a plain `scan [DIR]` at once: it goes on, on threads of its
 * own, while the command loads. Undefined where anything is not plain, or wrong;
 * the command will say what.
 */
export function headStart([name, ...words]: readonly string[]): HeadStart | undefined {
  if (name !== 'scan') return undefined;
  const [directory = '.', ...more] = words.filter((word) => !FORMS.includes(word));
  if (more.length > 0 || directory === '' || directory.startsWith('-')) return undefined;
  try {
    const native = addon();
    if (native.execCheckProbe() !== EBADF) return undefined;
    const flags = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_CLOEXEC;
    const root = native.openat2Sync(constants.AT_FDCWD, directory, BigInt(flags), 0n, 0n);
    return root < 0 ? undefined : { directory, root, records: native.treeWalk(root, 0) };
  } catch {
    return undefined;
  }
}
