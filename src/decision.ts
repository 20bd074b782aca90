import { applicationOf } from './application-of.js';
import {
  FACT_CHECK,
  FACT_FD,
  FACT_MODE,
  FACT_SECUREBITS,
  FACT_STDIN,
  FACTS,
  type CodeFiles,
  type Facts,
} from './addon.js';
import { publish, type AuditMessage } from './audit.js';
import { causes, fix } from './denial-advice.js';
import { digestOf, digestOfText } from './digest.js';
import { describeErrno, EACCES } from './errno.js';
import { ExecDeniedError, syscallError, type SyscallArguments } from './errors.js';
import { fileTypeName, isRegularFile, type OpenFile } from './file-type.js';
import {
  denialReason,
  isKernelFile,
  NOBODY,
  unsupportedError,
  verdictOf,
  type RawVerdict,
} from './mechanism.js';
import type { Origin } from './origin.js';
import { binds, currentPolicy, whyBinding, type Kind, type Policy } from './policy.js';
import { asksKernel } from './portable.js';
import { hasExecveCheck } from './probe.js';
import { quote } from './quote.js';
import type { Mechanism, Verdict } from './verdict.js';

/**
 * One question about one file. No field is optional, because a program's prototypes could supply a
 * missing field in the preload.
 */
export interface Question {
  /** The function that asks, for the audit channel: `openMayExec`, `load`, `dlopen`, … */
  readonly operation: string;
  /** How the code comes in (src/origin.ts). */
  readonly origin: Origin;
  readonly kind: Kind;
  /**
   * Whether the file is parsed and never run. Where the gate `data` is closed, it is checked as
   * code.
   */
  readonly data: boolean;
  /** The arguments of the system call, for errors. */
  readonly args: SyscallArguments;
  /** What strengthens the policy, in words for messages; undefined when nothing does. */
  readonly toldBy: string | undefined;
  /** Whether the caller accepts user space's verdict. */
  readonly emulate: boolean;
  /** Called only when a message needs the importers. */
  readonly importers: (() => readonly string[]) | undefined;
  /** The code itself, when it comes from no file and is known. */
  readonly text: string | undefined;
}

/** A verdict and its consequence under the policy. */
export interface Decision {
  readonly verdict: Verdict;
  /** The error to throw, if any. */
  readonly error: Error | undefined;
  /**
   * The error of a check that could not be made. Only callers that want nothing but the verdict
   * throw it.
   */
  readonly failure: Error | undefined;
}

const syscalls: Readonly<Record<Mechanism, string>> = {
  at_execve_check: 'execveat',
  o_mayexec: 'openat2',
  emulated: 'access',
  none: 'execveat',
};

/**
 * Whether it can be an installed script: a regular file, and not standard input.
 *
 * Standard input is recognized by its inode, not by its name. Node resolves /dev/stdin before its
 * hooks run, and a link or another fd can lead to it too. So `node a.js <a.js` also counts as
 * standard input. That is rare, and an executable file passes.
 */
export function isInstalled(facts: Facts): boolean {
  return isRegularFile(facts[FACT_MODE] as number) && facts[FACT_STDIN] !== 1;
}

/** The facts about a caller's fd, with the result of its check. */
export function factsOf(native: CodeFiles, fd: number, check: number): Facts {
  const facts = new Int32Array(FACTS);
  facts[FACT_FD] = fd;
  facts[FACT_CHECK] = check;
  facts[FACT_SECUREBITS] = native.getSecurebits();
  const mode = native.fileMode(fd);
  // Without a mode the fd is not open, and the check failed as well.
  if (mode >= 0) facts[FACT_MODE] = mode;
  return facts;
}

/**
 * Turns the facts of the native side into a decision: securebits, mechanism, policy, decision.
 * Publishes the verdict. Every decision of this package about a file is made here. `content` is
 * what was read from the fd, if anything.
 */
export function decide(
  native: CodeFiles,
  question: Question,
  facts: Facts,
  content?: Uint8Array,
): Decision {
  const fd = facts[FACT_FD] as number;
  // Read the facts before subscribers run: a subscriber that loads a file overwrites them.
  const mode = facts[FACT_MODE] as number;
  const policy = currentPolicy(native, facts[FACT_SECUREBITS] as number, question.toldBy);
  const emulate = question.emulate && policy.mayEmulate;
  const raw = verdictOf(native, facts, emulate);
  const binding = binds(policy, question.kind, isInstalled(facts));
  const { allowed, mechanism, errno } = raw;
  const verdict: Verdict = {
    allowed,
    binding,
    mechanism,
    ...(errno === undefined ? {} : { errno: describeErrno(errno).code }),
    ...(allowed === false ? { reason: denialReason(native, facts, errno ?? EACCES) } : {}),
  };
  const denied = binding && allowed !== true;
  const why = denied ? whyAbout(policy, question.kind, facts) : '';
  publish((): AuditMessage => {
    const sha256 = isRegularFile(mode) ? digestOf(native, fd, content) : undefined;
    const wouldDeny = allowed !== true && question.kind !== 'data';
    return message(question, verdict, { denied, wouldDeny }, fd, sha256);
  });
  return {
    verdict,
    error: denied ? refusal(native, question, verdict, raw, { fd, mode }, why) : undefined,
    failure:
      allowed === null && raw.unsupported === undefined
        ? syscallError(errno ?? EACCES, raw.syscall ?? syscalls[mechanism], question.args)
        : undefined,
  };
}

/**
 * Decides about code that comes from no file. No check is possible, so the policy alone decides.
 */
export function decideWithoutFile(native: CodeFiles, question: Question): Decision {
  const policy = currentPolicy(native, native.getSecurebits(), question.toldBy);
  const binding = binds(policy, 'interactive', false);
  if (!asksKernel(native)) return withoutPolicy(question, binding);
  const known = hasExecveCheck(native);
  const verdict: Verdict = {
    // The securebits are the answer. A kernel without them gives none.
    allowed: binding ? false : known ? true : null,
    binding,
    mechanism: known ? 'at_execve_check' : 'none',
    ...(binding ? { errno: 'EACCES' } : {}),
  };
  publish((): AuditMessage =>
    message(
      question,
      verdict,
      { denied: binding, wouldDeny: true },
      undefined,
      digestOfText(question.text),
    ),
  );
  if (!binding) return { verdict, error: undefined, failure: undefined };
  const error = new ExecDeniedError(
    EACCES,
    'prctl',
    {},
    verdict,
    `code that comes from no file (${question.origin}) is refused, since ${whyBinding(policy, 'interactive')}. Put it into an executable file and run that`,
  );
  return { verdict, error, failure: undefined };
}

/** Decides where the system has no policy about scripts. */
function withoutPolicy(question: Question, binding: boolean): Decision {
  const { allowed, mechanism } = NOBODY;
  const verdict: Verdict = { allowed, binding, mechanism };
  publish((): AuditMessage => message(question, verdict, { denied: binding, wouldDeny: true }));
  return { verdict, error: binding ? unsupportedError(NOBODY) : undefined, failure: undefined };
}

function message(
  { operation, origin, args, importers, text }: Question,
  verdict: Verdict,
  { denied, wouldDeny }: Pick<AuditMessage, 'denied' | 'wouldDeny'>,
  fd?: number,
  sha256?: string,
): AuditMessage {
  return {
    operation,
    origin,
    verdict,
    denied,
    wouldDeny,
    ...(fd === undefined ? {} : { fd }),
    ...(sha256 === undefined ? {} : { sha256 }),
    ...(text === undefined ? {} : { text }),
    ...(args.path === undefined ? {} : { path: args.path }),
    ...(importers === undefined ? {} : { importers: importers() }),
  };
}

/** The error for a denial, or for a check that failed or could not be made. */
function refusal(
  native: CodeFiles,
  { args, data, importers }: Question,
  verdict: Verdict,
  raw: RawVerdict,
  file: OpenFile,
  why: string,
): Error {
  const errno = raw.errno ?? EACCES;
  if (verdict.allowed === false) {
    const kernelFile = isKernelFile(native, file.fd);
    // Data needs no x but here, so nothing seals it.
    const isSealed = importers !== undefined && !kernelFile && !data;
    const sealing = isSealed ? sealingOf(args.path) : '';
    return new ExecDeniedError(
      errno,
      syscalls[verdict.mechanism],
      args,
      verdict,
      advice(verdict, args, file, why, sealing, kernelFile) +
        (data ? DATA_ADVICE : '') +
        requireStack(importers?.() ?? []),
    );
  }
  if (raw.unsupported !== undefined) return unsupportedError(raw);
  return syscallError(errno, raw.syscall ?? syscalls[verdict.mechanism], args);
}

/** Why the verdict about this file binds, in words. */
function whyAbout(policy: Policy, kind: Kind, facts: Facts): string {
  const byStdin = kind === 'file' && !policy.files && facts[FACT_STDIN] === 1;
  return (byStdin ? 'it is standard input, and ' : '') + whyBinding(policy, kind);
}

const DATA_ADVICE =
  ". --strict refuses data as well. To allow all data, open the gate 'data': add --allow=data to mayexec run --strict";

/** For Node's modules only: a program has many files, and chmod fixes one. */
function sealingOf(path: string | undefined): string {
  if (path?.startsWith('/') !== true) return '';
  const application = applicationOf(path);
  if (application === undefined) return '';
  const tree = quote(application);
  return `, or for the whole tree mayexec scan ${tree} and mayexec seal ${tree}`;
}

/** Why the file was refused, and how to change that. */
function advice(
  { reason = 'security-module' }: Verdict,
  args: SyscallArguments,
  file: OpenFile,
  why: string,
  sealing: string,
  kernelFile: boolean,
): string {
  const cause = causes[reason];
  const help = fix(reason, args.path === undefined ? 'the file' : quote(args.path), { kernelFile });
  switch (reason) {
    case 'mode': {
      const trusted = kernelFile ? 'To run code' : 'If it is trusted code';
      return `the file has ${cause} (mode 0${(file.mode & 0o7777).toString(8)}), and ${why}. ${trusted}, ${kernelFile ? '' : 'run '}${help}${sealing}`;
    }
    case 'noexec-mount':
      return `the file is ${cause}, and ${why}. To change that, ${help}`;
    case 'not-regular':
      return `only a regular file can be executed, and this is ${fileTypeName(file)}, and ${why}: ${help}`;
    case 'security-module':
    case 'fanotify':
      return `its mode and mount allow execution, so it is ${cause}, and ${why}. To change that, ${help}`;
  }
}

/** In the form of Node's MODULE_NOT_FOUND message. */
function requireStack(importers: readonly string[]): string {
  return importers.length === 0 ? '' : `\nRequire stack:\n- ${importers.join('\n- ')}`;
}
