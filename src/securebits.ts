import { addon, type Addon } from './addon.js';
import { toBoolean, toOptions, type Names } from './arguments.js';
import { constants } from './constants.js';
import { syscallError, UnsupportedError } from './errors.js';

/** The four securebits about scripts: capabilities(7), since Linux 6.14. */
export interface Securebits {
  /** SECBIT_EXEC_RESTRICT_FILE: run a file only if the exec check allows it. */
  restrictFile: boolean;
  /** SECBIT_EXEC_RESTRICT_FILE_LOCKED: `restrictFile` cannot be changed. */
  restrictFileLocked: boolean;
  /** SECBIT_EXEC_DENY_INTERACTIVE: run only code that comes from a checked file. */
  denyInteractive: boolean;
  /** SECBIT_EXEC_DENY_INTERACTIVE_LOCKED: `denyInteractive` cannot be changed. */
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
 * The securebits for a decision. Throws UnsupportedError when a seccomp filter hides them, because
 * it is then unknown whether the policy binds.
 */
export function decidingSecurebits(word: number): Securebits {
  if (word >= 0) return decodeSecurebits(word);
  throw new UnsupportedError(
    'filtered',
    'prctl(PR_GET_SECUREBITS) is refused by a seccomp filter, so mayexec cannot know whether the system restricts execution: allow prctl in the filter',
    { cause: syscallError(word, 'prctl', {}) },
  );
}

/**
 * The exec securebits of the calling thread, or `null` when they cannot be read (another platform,
 * no addon, a seccomp filter). Before Linux 6.14 these bits have no meaning, and all are false.
 * prctl(2), PR_GET_SECUREBITS.
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
 * Sets (`true`) or clears (`false`) exec securebits of the calling thread. Bits that are left out
 * do not change. Securebits belong to a thread. Workers, child processes and libuv's pool inherit
 * them if they start later, so call it first on the main thread. It needs no capability. Since
 * Linux 6.14; prctl(2), PR_SET_SECUREBITS.
 *
 * Throws PermissionError when a bit is locked, InvalidArgumentError on a kernel without these bits,
 * and UnsupportedError when prctl cannot be called.
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
  // Without a change the kernel would require CAP_SETPCAP.
  if (after === before) return;
  const result = native.setSecurebits(after);
  if (result < 0) throw syscallError(result, 'prctl', {});
}
