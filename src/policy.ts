import { addon, type CodeFiles } from './addon.js';
import { toldBy as toldByProcess } from './enforce-policy.js';
import { oMayExecDecides } from './mechanism.js';
import { asksKernel } from './portable.js';
import { decidingSecurebits, type Securebits } from './securebits.js';

/** The source of the code in question. */
export type Kind =
  /** A file with a name. */
  | 'file'
  /** No file, or a file that the caller did not open: `-e`, a REPL, standard input. */
  | 'interactive'
  /** A file that is parsed and never run. */
  | 'data';

/** The negative verdicts that bind. */
export interface Policy {
  /** Verdicts about files. */
  readonly files: boolean;
  /** Verdicts about code that comes from no file. */
  readonly interactive: boolean;
  /** Whether user space may answer. False when the system itself demands the check. */
  readonly mayEmulate: boolean;
  /** What strengthened the system's policy, in words for messages. */
  readonly told: string | undefined;
  /** What binds only by securebits that a user namespace has cleared. */
  readonly lost?: Lost;
}

type Lost = Readonly<Pick<Securebits, 'restrictFile' | 'denyInteractive'>>;

let told: string | undefined;
let obeysProcess = false;

/**
 * From here on this thread behaves as if both securebits were set, because of `why`. It cannot be
 * undone. Only the preload calls this. enforcePolicy() of the API covers the whole process.
 */
export function enforceOnThisThread(why: string): void {
  told = why;
}

const NONE: Lost = Object.freeze({ restrictFile: false, denyInteractive: false });
let lost = NONE;

/** From here on this thread obeys these securebits, too. Only the preload calls this. */
export function obeyLostSecurebits(bits: Lost): void {
  lost = bits;
}

export const lostSecurebits = (): Lost => lost;

/** From here on this thread obeys enforcePolicy(). */
export function obeyProcess(): void {
  obeysProcess = true;
}

/**
 * The policy of the calling thread now. Its sources are the securebits, a kernel whose O_MAYEXEC
 * refuses the open, the preload's settings, securebits that a user namespace has cleared, and the
 * caller (`toldBy`). Each source can only strengthen it. Documentation/userspace-api/check_exec.rst.
 *
 * Throws UnsupportedError where a seccomp filter hides the securebits.
 */
export function currentPolicy(
  native: CodeFiles,
  securebits: number,
  toldBy: string | undefined,
): Policy {
  const { restrictFile, denyInteractive } = decidingSecurebits(securebits);
  const strengthened = toldBy ?? told ?? (obeysProcess ? toldByProcess(native, false) : undefined);
  return {
    files:
      restrictFile ||
      strengthened !== undefined ||
      lost.restrictFile ||
      (asksKernel(native) && oMayExecDecides(native)),
    interactive: denyInteractive || strengthened !== undefined || lost.denyInteractive,
    mayEmulate: !restrictFile,
    told: strengthened,
    lost: {
      restrictFile: lost.restrictFile && !restrictFile,
      denyInteractive: lost.denyInteractive && !denyInteractive,
    },
  };
}

/** Why a negative verdict binds, in words. */
export function whyBinding({ files, mayEmulate, told, lost = NONE }: Policy, kind: Kind): string {
  if (kind === 'file' && !mayEmulate) return 'SECBIT_EXEC_RESTRICT_FILE is set';
  if (told !== undefined) return told;
  const isFile = kind === 'file' && files;
  if (isFile ? lost.restrictFile : lost.denyInteractive) {
    return `${isFile ? 'SECBIT_EXEC_RESTRICT_FILE' : 'SECBIT_EXEC_DENY_INTERACTIVE'} was set where it was started from, in another user namespace`;
  }
  if (isFile) return 'this kernel enforces O_MAYEXEC';
  return 'SECBIT_EXEC_DENY_INTERACTIVE is set';
}

/**
 * Whether a negative verdict binds. A file that is no installed script counts as commands from an
 * fd: /dev/stdin, a fifo, `<(…)`.
 */
export function binds(policy: Policy, kind: Kind, isInstalled: boolean): boolean {
  switch (kind) {
    case 'file':
      return policy.files || (policy.interactive && !isInstalled);
    case 'interactive':
      return policy.interactive;
    case 'data':
      return false;
  }
}

/** The policy of the calling thread now, with the sources that are known here. */
export function policyNow(): Policy {
  const native = addon();
  return currentPolicy(native, native.getSecurebits(), undefined);
}

/** Whether a file that fails its check is refused on this thread, now. */
export function filesAreRestricted(): boolean {
  return policyNow().files;
}

/** Whether code that comes from no file is refused on this thread, now. */
export function interactiveIsDenied(): boolean {
  return policyNow().interactive;
}

export function anythingIsEnforced(): boolean {
  const { files, interactive } = policyNow();
  return files || interactive;
}

/** Why this thread is restricted, for a message. Call it only under a restriction. */
export function restriction(): string {
  return whyBinding(policyNow(), 'file');
}
