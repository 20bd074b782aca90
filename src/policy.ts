import { addon, type CodeFiles } from './addon.js';
import { toldBy as toldByProcess } from './enforce-policy.js';
import { oMayExecDecides } from './mechanism.js';
import { asksKernel } from './portable.js';
import { decidingSecurebits } from './securebits.js';

/** Where the code comes from that is asked about. */
export type Kind =
  /** A file that is named. */
  | 'file'
  /** No file, or one that somebody else opened: `-e`, a REPL, standard input. */
  | 'interactive'
  /** A file that is parsed and never run. */
  | 'data';

/** Which negative verdicts bind. */
export interface Policy {
  /** Those about files. */
  readonly files: boolean;
  /** Those about code that comes from no file. */
  readonly interactive: boolean;
  /** Whether user space may answer: never for the answer that the system demands. */
  readonly mayEmulate: boolean;
  /** Who told this package so, rather than the system; in words for messages. */
  readonly told: string | undefined;
}

let told: string | undefined;
let obeysProcess = false;

/**
 * From here on this thread behaves as if both securebits were set, since `why`. Cannot be
 * taken back. The preload's; enforcePolicy() of the API is the process's.
 */
export function enforceOnThisThread(why: string): void {
  told = why;
}

/** From here on this thread obeys enforcePolicy() too. */
export function obeyProcess(): void {
  obeysProcess = true;
}

/**
 * The policy of the calling thread, now. Each source can only add to it: the
 * securebits, the kernel itself where it has O_MAYEXEC and refuses the open, the
 * preload's settings, and the caller (`toldBy`). Documentation/userspace-api/check_exec.rst.
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
      restrictFile || strengthened !== undefined || (asksKernel(native) && oMayExecDecides(native)),
    interactive: denyInteractive || strengthened !== undefined,
    mayEmulate: !restrictFile,
    told: strengthened,
  };
}

/** What makes a negative verdict bind, in words. */
export function whyBinding({ files, mayEmulate, told }: Policy, kind: Kind): string {
  if (kind === 'file' && !mayEmulate) return 'SECBIT_EXEC_RESTRICT_FILE is set';
  if (told !== undefined) return told;
  if (kind === 'file' && files) return 'this kernel enforces O_MAYEXEC';
  return 'SECBIT_EXEC_DENY_INTERACTIVE is set';
}

/**
 * Whether a negative verdict binds. What is not installed as a script is commands from an
 * fd under a name: /dev/stdin, a fifo, `<(…)`.
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

function policyNow(): Policy {
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

/** What restricts this thread now, for a message. Call it only where something is enforced. */
export function restriction(): string {
  const policy = policyNow();
  return whyBinding(policy, policy.files ? 'file' : 'interactive');
}
