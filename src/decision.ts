import { fstatSync } from 'node:fs';

import {
  FACT_CHECK,
  FACT_FD,
  FACT_MODE,
  FACT_SECUREBITS,
  FACTS,
  type Addon,
  type Facts,
} from './addon.js';
import { publish, type AuditMessage } from './audit.js';
import { causes, fix } from './denial-advice.js';
import { describeErrno, EACCES } from './errno.js';
import { ExecDeniedError, syscallError, type SyscallArguments } from './errors.js';
import { denialReason, unsupportedError, verdictOf, type RawVerdict } from './mechanism.js';
import { binds, currentPolicy, type Kind } from './policy.js';
import { hasExecveCheck } from './probe.js';
import type { Mechanism, Verdict } from './verdict.js';

/**
 * One question, whoever asks it. No field is optional: in the preload a program's
 * prototypes could supply it.
 */
export interface Question {
  /** Who asks, for the audit channel: `openMayExec`, `load`, `dlopen`, … */
  readonly operation: string;
  readonly kind: Kind;
  /** For errors, as they were passed to the system call. */
  readonly args: SyscallArguments;
  /** What the caller adds to the policy. */
  readonly enforce: boolean;
  /** Whether the caller settles for user space's own verdict. */
  readonly emulate: boolean;
  /** Found out only when somebody is told. */
  readonly importers: (() => readonly string[]) | undefined;
}

/** A verdict, and what the policy makes of it. */
export interface Decision {
  readonly verdict: Verdict;
  /** What is to be thrown, if anything. */
  readonly error: Error | undefined;
  /** The check could not be made, which matters to those who want nothing but its verdict. */
  readonly failure: Error | undefined;
}

const syscalls: Readonly<Record<Mechanism, string>> = {
  at_execve_check: 'execveat',
  o_mayexec: 'openat2',
  emulated: 'access',
  none: 'execveat',
};

const S_IFMT = 0o170000;
const S_IFREG = 0o100000;

export function isRegular(facts: Facts): boolean {
  return ((facts[FACT_MODE] as number) & S_IFMT) === S_IFREG;
}

/** The facts about an fd of the caller's own, with the result of its check. */
export function factsOf(native: Addon, fd: number, check: number): Facts {
  const facts = new Int32Array(FACTS);
  facts[FACT_FD] = fd;
  facts[FACT_CHECK] = check;
  facts[FACT_SECUREBITS] = native.getSecurebits();
  try {
    facts[FACT_MODE] = fstatSync(fd).mode;
  } catch {
    // It is not open, as its check says too.
  }
  return facts;
}

/**
 * From what the native side found to what is done: securebits, mechanism, policy,
 * decision. Publishes the verdict. Everything that this package decides about a file
 * goes through here.
 */
export function decide(native: Addon, question: Question, facts: Facts): Decision {
  const fd = facts[FACT_FD] as number;
  const policy = currentPolicy(native, facts[FACT_SECUREBITS] as number, question.enforce);
  const emulate = question.emulate && policy.mayEmulate;
  const raw = verdictOf(native, fd, facts[FACT_CHECK] as number, emulate);
  const binding = binds(policy, question.kind, isRegular(facts));
  const { allowed, mechanism, errno } = raw;
  const verdict: Verdict = {
    allowed,
    binding,
    mechanism,
    ...(errno === undefined ? {} : { errno: describeErrno(errno).code }),
    ...(allowed === false ? { reason: denialReason(native, fd) } : {}),
  };
  const denied = binding && allowed !== true;
  publish((): AuditMessage => message(question, verdict, denied, fd));
  return {
    verdict,
    error: denied ? refusal(question, verdict, raw, fd) : undefined,
    failure:
      allowed === null && raw.unsupported === undefined
        ? syscallError(errno ?? EACCES, raw.syscall ?? syscalls[mechanism], question.args)
        : undefined,
  };
}

/** The same for code that comes from no file: nothing can be checked, and the policy is the answer. */
export function decideWithoutFile(native: Addon, question: Question): Decision {
  const policy = currentPolicy(native, native.getSecurebits(), question.enforce);
  const binding = binds(policy, 'interactive', false);
  const known = hasExecveCheck(native);
  const verdict: Verdict = {
    // Without the securebits nobody has an opinion; with them, they are the answer.
    allowed: binding ? false : known ? true : null,
    binding,
    mechanism: known ? 'at_execve_check' : 'none',
    ...(binding ? { errno: 'EACCES' } : {}),
  };
  publish((): AuditMessage => message(question, verdict, binding, undefined));
  if (!binding) return { verdict, error: undefined, failure: undefined };
  const cause = policy.told ? 'enforce is true' : 'SECBIT_EXEC_DENY_INTERACTIVE is set';
  const error = new ExecDeniedError(
    EACCES,
    'prctl',
    {},
    verdict,
    `code that comes from no file is refused, since ${cause}. Put it into an executable file and run that`,
  );
  return { verdict, error, failure: undefined };
}

function message(
  { operation, args, importers }: Question,
  verdict: Verdict,
  denied: boolean,
  fd: number | undefined,
): AuditMessage {
  return {
    operation,
    verdict,
    denied,
    ...(fd === undefined ? {} : { fd }),
    ...(args.path === undefined ? {} : { path: args.path }),
    ...(importers === undefined ? {} : { importers: importers() }),
  };
}

/** The error for what is not allowed: a denial, or a check that failed or could not be made. */
function refusal(
  { args, importers }: Question,
  verdict: Verdict,
  raw: RawVerdict,
  fd: number,
): Error {
  const errno = raw.errno ?? EACCES;
  if (verdict.allowed === false) {
    return new ExecDeniedError(
      errno,
      syscalls[verdict.mechanism],
      args,
      verdict,
      advice(verdict, args, fd) + requireStack(importers?.() ?? []),
    );
  }
  if (raw.unsupported !== undefined) return unsupportedError(raw);
  return syscallError(errno, raw.syscall ?? syscalls[verdict.mechanism], args);
}

/** Why the file was refused and what would change that, in a sentence or two. */
function advice(
  { reason = 'security-module' }: Verdict,
  args: SyscallArguments,
  fd: number,
): string {
  const cause = causes[reason];
  const help = fix(reason, args.path === undefined ? 'the file' : `'${args.path}'`);
  switch (reason) {
    case 'mode': {
      const mode = (fstatSync(fd).mode & 0o7777).toString(8);
      return `the file has ${cause} (mode 0${mode}). If it is trusted code, run ${help}`;
    }
    case 'noexec-mount':
      return `the file is ${cause}. To change that, ${help}`;
    case 'not-regular':
      return `only a regular file can be executed, and this is ${fileType(fd)}: ${help}`;
    case 'security-module':
      return `its mode and mount allow execution, so it is ${cause}. To change that, ${help}`;
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
