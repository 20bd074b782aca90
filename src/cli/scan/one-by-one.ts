import { closeSync } from 'node:fs';

import type { Addon } from '../../addon.js';
import { checkExecSync } from '../../check.js';
import { describeErrno, ENOENT } from '../../errno.js';
import { SyscallError, UnsupportedError } from '../../errors.js';
import { probe } from '../../probe.js';
import { packageOf } from '../packages.js';
import { Refusals } from './refusals.js';
import { parentOf, type Scan } from './scan-tree.js';
import { INSIDE, PATH_ONLY, toTree, visitTargets, walk } from '../tree.js';
import { display, LIST, pathsOf, type TreePath } from '../tree-records.js';

/**
 * scanTree where the kernel has no AT_EXECVE_CHECK: the library is asked about
 * each file. Throws UnsupportedError when it cannot answer either.
 */
export async function scanOneByOne(
  native: Addon,
  root: number,
  title: string,
  emulate: boolean,
): Promise<Scan> {
  const { mechanism, execveCheck } = probe();
  if (mechanism === 'none' && !emulate) {
    throw new UnsupportedError(
      execveCheck.status === 'filtered' ? 'filtered' : 'kernel',
      'the kernel cannot be asked whether a file may be executed (mayexec probe says why); --emulate settles for mode bits and the noexec mount option',
    );
  }
  const paths: TreePath[] = [];
  const walked = await walk(native, native.treeWalk(root, LIST), title, (record) => {
    for (const path of pathsOf(record)) paths.push(path);
  });
  const refusals = new Refusals();
  const ask = (path: string, fd: number): void => {
    try {
      const { allowed, reason, errno } = checkExecSync(fd, { emulate });
      if (allowed === true) return;
      if (allowed === false && reason !== undefined && errno !== undefined) {
        refusals.add(packageOf(parentOf(path), walked.names), errno, reason, path);
      } else {
        walked.unexamined.push({ path, errno: errno ?? 'EINVAL' });
      }
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      walked.unexamined.push({ path, errno: error.code });
    }
  };
  for (const path of paths) {
    const fd = native.openat2Sync(root, path, PATH_ONLY, 0n, INSIDE);
    if (fd === ENOENT) continue;
    if (fd < 0) {
      walked.unexamined.push({ path: display(path), errno: describeErrno(fd).code });
      continue;
    }
    try {
      ask(display(path), fd);
    } finally {
      closeSync(fd);
    }
  }
  visitTargets(native, root, walked, ask);
  return {
    ...toTree(walked),
    mechanism: mechanism === 'none' ? 'emulated' : mechanism,
    refused: refusals.all(),
  };
}
