import { addon } from '../../addon.js';
import { denialReason } from '../../mechanism.js';
import { describeErrno, EACCES, EPERM } from '../../errno.js';
import { hasExecveCheck } from '../../probe.js';
import type { Mechanism } from '../../verdict.js';
import type { Refused } from './findings.js';
import { packageFolder, packageOf } from '../packages.js';
import { Refusals } from './refusals.js';
import { addUnexamined, toTree, visitTargets, walk, type Tree } from '../tree.js';
import { directoryOf, type TreeRecord } from '../tree-records.js';

export interface Scan extends Tree {
  mechanism: Mechanism;
  refused: Refused[];
}

/**
 * Makes the exec check on every file of code beneath a directory fd, and says
 * which are refused. Where the kernel has no AT_EXECVE_CHECK, the library's other
 * mechanisms answer, `emulate` among them. `started` is the walk of that
 * directory, when it has begun.
 *
 * Throws UnsupportedError when nobody can be asked.
 */
export async function scanTree(
  root: number,
  title: string,
  emulate: boolean,
  started?: Promise<Buffer | number>,
): Promise<Scan> {
  const native = addon();
  if (!hasExecveCheck(native)) {
    const { scanOneByOne } = await import('./one-by-one.js');
    return scanOneByOne(native, root, title, emulate);
  }
  const refusals = new Refusals();
  // In no node_modules: whose they are is known when every package.json is.
  const elsewhere: [directory: string, record: TreeRecord][] = [];
  const walking = started ?? native.treeWalk(root, 0);
  const walked = await walk(native, walking, title, (record, { unexamined }) => {
    const { result, reason } = record;
    if (result === 0) return;
    if (!isDenial(result) || reason === undefined) {
      addUnexamined(unexamined, record);
      return;
    }
    const directory = directoryOf(record);
    const owner = packageFolder(directory);
    if (owner === undefined) elsewhere.push([directory, record]);
    else refusals.add(owner, result, reason, record);
  });
  for (const [directory, record] of elsewhere) {
    const { result, reason } = record;
    if (reason !== undefined)
      refusals.add(packageOf(directory, walked.names), result, reason, record);
  }
  visitTargets(native, root, walked, (path, fd) => {
    const result = native.checkSync(fd, 'mayexec');
    if (result === 0) return;
    if (isDenial(result)) {
      const owner = packageOf(parentOf(path), walked.names);
      refusals.add(owner, result, denialReason(native, fd), path);
    } else {
      walked.unexamined.push({ path, errno: describeErrno(result).code });
    }
  });
  return { ...toTree(walked), mechanism: 'at_execve_check', refused: refusals.all() };
}

function isDenial(result: number): boolean {
  return result === EACCES || result === EPERM;
}

/** The directory that a path beneath the root is in; empty for the root. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}
