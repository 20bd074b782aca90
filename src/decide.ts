import { fstatSync } from 'node:fs';

import type { Addon } from './addon.js';
import { denialReason, unsupportedError, type Answer } from './answer.js';
import { publish, type AuditMessage } from './audit.js';
import { describeErrno, EACCES } from './errno.js';
import { ExecDeniedError, syscallError, type SyscallArguments } from './errors.js';
import type { Mechanism, Verdict } from './verdict.js';

/** What was asked about, for errors and the audit channel. */
export interface Subject {
  readonly operation: string;
  readonly args: SyscallArguments;
  readonly fd: number;
  /** Found out only when somebody is told. */
  readonly importers?: () => readonly string[];
}

const syscalls: Readonly<Record<Mechanism, string>> = {
  at_execve_check: 'execveat',
  o_mayexec: 'openat2',
  emulated: 'access',
  none: 'execveat',
};

/** The verdict for an answer, with the reason worked out if it is a denial. */
function toVerdict(native: Addon, fd: number, answer: Answer, binding: boolean): Verdict {
  const { allowed, mechanism, errno } = answer;
  return {
    allowed,
    binding,
    mechanism,
    ...(errno === undefined ? {} : { errno: describeErrno(errno).code }),
    ...(allowed === false ? { reason: denialReason(native, fd) } : {}),
  };
}

/** Publishes the verdict and returns the error that the policy demands, if any. */
export function decide(
  native: Addon,
  subject: Subject,
  answer: Answer,
  binding: boolean,
): { verdict: Verdict; error?: Error } {
  const { operation, args, fd } = subject;
  const verdict = toVerdict(native, fd, answer, binding);
  const denied = binding && verdict.allowed !== true;
  publish((): AuditMessage => ({
    operation,
    verdict,
    denied,
    fd,
    ...(args.path === undefined ? {} : { path: args.path }),
    ...(subject.importers === undefined ? {} : { importers: subject.importers() }),
  }));
  return denied ? { verdict, error: refusal(verdict, answer, subject) } : { verdict };
}

/** The error for what is not allowed: a denial, or a question that failed or could not be put. */
export function refusal(verdict: Verdict, answer: Answer, subject: Subject): Error {
  const { args, fd } = subject;
  const errno = answer.errno ?? EACCES;
  if (verdict.allowed === false) {
    return new ExecDeniedError(
      errno,
      syscalls[verdict.mechanism],
      args,
      verdict,
      advice(verdict, args, fd) + requireStack(subject.importers?.() ?? []),
    );
  }
  if (answer.unsupported !== undefined) return unsupportedError(answer);
  return syscallError(errno, syscalls[verdict.mechanism], args);
}

/** Why the file was refused and what would change that, in a sentence or two. */
function advice(verdict: Verdict, args: SyscallArguments, fd: number): string {
  const name = args.path === undefined ? 'the file' : `'${args.path}'`;
  switch (verdict.reason) {
    case 'noexec-mount':
      return `the file is on a mount with the noexec option. Install it on a mount that allows execution, or remount that one with exec`;
    case 'not-regular':
      return `only a regular file can be executed, and this is ${fileType(fd)}. Name the script file itself`;
    case 'mode':
      return `the file has no execute permission for this process (mode 0${(fstatSync(fd).mode & 0o7777).toString(8)}). If it is trusted code, run chmod +x on ${name}`;
    default:
      return `its mode and mount allow execution, so a security module (IMA, IPE, Landlock, SELinux, AppArmor) refuses it. Look in the audit log of the kernel, and sign or label ${name} as its policy asks`;
  }
}

/** In the words of Node's own MODULE_NOT_FOUND. */
function requireStack(importers: readonly string[]): string {
  return importers.length === 0 ? '' : `\nRequire stack:\n- ${importers.join('\n- ')}`;
}

function fileType(fd: number): string {
  const stat = fstatSync(fd);
  if (stat.isDirectory()) return 'a directory';
  if (stat.isFIFO()) return 'a pipe';
  if (stat.isSocket()) return 'a socket';
  if (stat.isSymbolicLink()) return 'a symbolic link';
  return 'a device';
}
