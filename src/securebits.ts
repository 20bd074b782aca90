import { addon, type Addon } from './addon.js';
import { toBoolean, toOptions, type Names } from './arguments.js';
import { constants } from './constants.js';
import { syscallError, UnsupportedError } from './errors.js';

/** The four securebits that speak about scripts: capabilities(7), since Linux 6.14. */
export interface Securebits {
  /** SECBIT_EXEC_RESTRICT_FILE: run a file only if the exec check allows it. */
  restrictFile: boolean;
  /** SECBIT_EXEC_RESTRICT_FILE_LOCKED: `restrictFile` cannot change any more. */
  restrictFileLocked: boolean;
  /** SECBIT_EXEC_DENY_INTERACTIVE: run no code that does not come from a checked file. */
  denyInteractive: boolean;
  /** SECBIT_EXEC_DENY_INTERACTIVE_LOCKED: `denyInteractive` cannot change any more. */
  denyInteractiveLocked: boolean;
}

const bits: Readonly<Record<keyof Securebits, number>> = {
  restrictFile: constants.SECBIT_EXEC_RESTRICT_FILE,
  restrictFileLocked: constants.SECBIT_EXEC_RESTRICT_FILE_LOCKED,
  denyInteractive: constants.SECBIT_EXEC_DENY_INTERACTIVE,
  denyInteractiveLocked: constants.SECBIT_EXEC_DENY_INTERACTIVE_LOCKED,
};

const names: Names<Securebits> = {
  restrictFile: true,
  restrictFileLocked: true,
  denyInteractive: true,
  denyInteractiveLocked: true,
};

export function decodeSecurebits(word: number): Securebits {
  return {
    restrictFile: (word & bits.restrictFile) !== 0,
    restrictFileLocked: (word & bits.restrictFileLocked) !== 0,
    denyInteractive: (word & bits.denyInteractive) !== 0,
    denyInteractiveLocked: (word & bits.denyInteractiveLocked) !== 0,
  };
}

/**
 * The securebits by which a decision is made. Throws UnsupportedError when a
 * seccomp filter hides them: whether the policy binds is then unknown.
 */
export function decidingSecurebits(word: number): Securebits {
  if (word >= 0) return decodeSecurebits(word);
  throw new UnsupportedError(
    'filtered',
    'prctl(PR_GET_SECUREBITS) is refused, by a seccomp filter, so mayexec cannot know whether the system restricts execution: allow prctl in the filter',
    { cause: syscallError(word, 'prctl', {}) },
  );
}

export function readSecurebits(native: Addon): Securebits {
  return decidingSecurebits(native.getSecurebits());
}

/**
 * The exec securebits of the calling thread, or `null` when they cannot be read
 * (another platform, no addon, a seccomp filter). Before Linux 6.14 nothing
 * gives these bits a meaning, and all are false. prctl(2), PR_GET_SECUREBITS.
 */
export function getSecurebits(): Securebits | null {
  let native: Addon;
  try {
    native = addon();
  } catch {
    return null;
  }
  const word = native.getSecurebits();
  return word < 0 ? null : decodeSecurebits(word);
}

/**
 * Sets (`true`) or clears (`false`) exec securebits of the calling thread; what
 * is left out stays. Securebits belong to a thread: they reach what this thread
 * starts from now on (workers, child processes, and libuv's pool when it has
 * not started yet), so call it first thing on the main thread. Needs no
 * capability. Since Linux 6.14; prctl(2), PR_SET_SECUREBITS.
 *
 * Throws PermissionError when a bit is locked, InvalidArgumentError on a kernel
 * without these bits, UnsupportedError where prctl cannot be reached.
 */
export function setSecurebits(change: Partial<Securebits>): void {
  const given = toOptions(change, names, 'bits');
  const requested: [bit: number, on: boolean][] = [];
  for (const [name, bit] of Object.entries(bits)) {
    const on = given[name as keyof Securebits];
    if (on !== undefined) requested.push([bit, toBoolean(`bits.${name}`, on)]);
  }
  const native = addon();
  const before = native.getSecurebits();
  decidingSecurebits(before);
  let after = before;
  for (const [bit, on] of requested) after = on ? after | bit : after & ~bit;
  // Without a change the kernel falls back to asking for CAP_SETPCAP.
  if (after === before) return;
  const result = native.setSecurebits(after);
  if (result < 0) throw syscallError(result, 'prctl', {});
}
