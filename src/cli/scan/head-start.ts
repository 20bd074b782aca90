import { addon } from '../../addon.js';
import { constants } from '../../constants.js';
import { EBADF } from '../../errno.js';
import type { HeadStart } from './directory.js';
import type { FormOptions } from './forms.js';

/** The options that make no difference to the walk, and of those but one may be given. */
const forms = new Map<string, FormOptions>([
  ['--all', { all: true }],
  ['--json', { json: true }],
  ['--sarif', { sarif: true }],
  ['--junit', { junit: true }],
]);

/**
 * Begins the walk of a plain `scan [DIR]` at once: it goes on, on threads of its
 * own, while the command loads, which needs no parser of options then. Undefined
 * where anything is not plain, or wrong; the whole command will say what.
 */
export function headStart([name, ...words]: readonly string[]): HeadStart | undefined {
  if (name !== 'scan') return undefined;
  const given = words.filter((word) => forms.has(word));
  const [directory = '.', ...more] = words.filter((word) => !forms.has(word));
  if (given.length > 1 || more.length > 0) return undefined;
  if (directory === '' || directory.startsWith('-')) return undefined;
  try {
    const native = addon();
    if (native.execCheckProbe() !== EBADF) return undefined;
    const flags = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_CLOEXEC;
    const root = native.openat2Sync(constants.AT_FDCWD, directory, BigInt(flags), 0n, 0n);
    if (root < 0) return undefined;
    // It throws nothing, so that the fd cannot be left behind.
    const records = native.treeWalk(root, 0);
    return { directory, options: forms.get(given[0] ?? '') ?? {}, root, records };
  } catch {
    return undefined;
  }
}
