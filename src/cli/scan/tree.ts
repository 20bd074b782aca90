import { closeSync } from 'node:fs';

import { addon } from '../../addon.js';
import { checkExecSync } from '../../check.js';
import { describeErrno, EACCES } from '../../errno.js';
import { SyscallError, UnsupportedError } from '../../errors.js';
import { isRegularFile } from '../../file-type.js';
import { hasExecveCheck, probe } from '../../probe.js';
import type { Mechanism } from '../../verdict.js';
import type { Finding } from '../report/findings.js';
import { packageOf } from '../tree/owner.js';
import { display, join, parentOf, type TreePath } from '../tree/path.js';
import { PATH_ONLY } from '../tree/open.js';
import { Walk, type Directory, type Tree } from '../tree/walk.js';
import { NameChecks, NO_ANSWERS, type Names } from './check-names.js';

export interface Scan extends Tree {
  mechanism: Mechanism;
  refused: Finding[];
}

const EXECUTE = 0o111;

/**
 * Checks every file of code beneath a directory fd, and returns the refused ones. Without
 * AT_EXECVE_CHECK it uses the library's other mechanisms, such as `emulate`.
 *
 * Throws UnsupportedError when the kernel has no check, and SyscallError when the root cannot be
 * read.
 */
export async function scanTree(
  root: number,
  title: string,
  emulate: boolean,
  extensions: readonly string[] = [],
): Promise<Scan> {
  const native = addon();
  const mechanism = hasExecveCheck(native) ? 'at_execve_check' : otherMechanism(emulate);
  const walk = new Walk(root, extensions);
  const scan = new TreeScan(walk, emulate);
  const checks = new NameChecks(native, (names, answers) => {
    scan.takeAnswers(names, answers);
  });
  await walk.run(title, (directory, names) => {
    if (names.length > 0 && mechanism === 'at_execve_check')
      return checks.add({ directory, names });
    scan.takeAnswers({ directory, names }, NO_ANSWERS);
    return undefined;
  });
  await checks.end();
  walk.visitEntryPoints((path, fd) => {
    scan.ask(path, fd);
  });
  return { ...walk.tree, mechanism, refused: scan.refused };
}

function otherMechanism(emulate: boolean): Mechanism {
  const { mechanism, execveCheck } = probe();
  if (mechanism !== 'none') return mechanism;
  if (emulate) return 'emulated';
  throw new UnsupportedError(
    execveCheck.status === 'filtered' ? 'filtered' : 'kernel',
    'the kernel cannot check whether a file may be executed (mayexec probe says why); --emulate uses mode bits and the noexec mount option',
  );
}

class TreeScan {
  readonly refused: Finding[] = [];
  readonly #native = addon();
  readonly #walk: Walk;
  readonly #emulate: boolean;

  constructor(walk: Walk, emulate: boolean) {
    this.#walk = walk;
    this.#emulate = emulate;
  }

  /** Handles the common answers, and checks the other files one by one. Closes the directory. */
  takeAnswers({ directory, names }: Names, answers: Int32Array): void {
    const withoutX: string[] = [];
    try {
      names.forEach((name, i) => {
        const result = answers[2 * i];
        if (result === 0) return;
        if (result === EACCES && isRegularWithoutX(answers[2 * i + 1])) withoutX.push(name);
        else this.#askName(directory, name);
      });
      if (withoutX.length > 0) this.#refuseWithoutX(directory, withoutX);
    } finally {
      closeSync(directory.fd);
    }
  }

  /**
   * No x bit at all: the reason is the mount if it has noexec, or else the mode. Assume the
   * directory's mount, which is wrong only when the file itself is bind-mounted.
   */
  #refuseWithoutX({ path, fd }: Directory, names: readonly string[]): void {
    const reason = this.#native.onNoexecMount(fd) === 1 ? 'noexec-mount' : 'mode';
    const owner = packageOf(path, this.#walk.names);
    const errno = describeErrno(EACCES).code;
    const shown = display(path);
    for (const name of names) {
      const file = join(shown, display(name));
      this.refused.push({ path: file, package: owner, reason, errno });
    }
  }

  #askName(directory: Directory, name: string): void {
    const fd = this.#walk.open(directory, name, PATH_ONLY);
    if (fd === undefined) return;
    try {
      this.ask(join(directory.path, name), fd);
    } finally {
      closeSync(fd);
    }
  }

  /** Checks one file with the library, which waits for a busy file and finds the reason. */
  ask(path: TreePath, fd: number): void {
    try {
      const { allowed, reason, errno = 'EINVAL' } = checkExecSync(fd, { emulate: this.#emulate });
      // It was replaced after the directory was read.
      if (allowed === true || reason === 'not-regular') return;
      if (allowed === null || reason === undefined) {
        this.#walk.fail(path, errno);
        return;
      }
      const owner = packageOf(parentOf(path), this.#walk.names);
      this.refused.push({ path: display(path), package: owner, reason, errno });
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      this.#walk.fail(path, error.code);
    }
  }
}

function isRegularWithoutX(mode = 0): boolean {
  return isRegularFile(mode) && (mode & EXECUTE) === 0;
}
