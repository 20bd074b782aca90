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
import type { Mechanism, Verdict } from './verdict.js';

/**
 * One question, whoever asks it. No field is optional: in the preload a program's
 * prototypes could supply it.
 */
export interface Question {
  /** Who asks, for the audit channel: `openMayExec`, `load`, `dlopen`, … */
  readonly operation: string;
  /** The way by which the code comes in. */
  readonly origin: Origin;
  readonly kind: Kind;
  /** For errors, as they were passed to the system call. */
  readonly args: SyscallArguments;
  /** Who strengthens the policy, in words; undefined when nobody does. */
  readonly toldBy: string | undefined;
  /** Whether the caller settles for user space's own verdict. */
  readonly emulate: boolean;
  /** Found out only when somebody is told. */
  readonly importers: (() => readonly string[]) | undefined;
  /** The code itself, where it comes from no file and is at hand. */
  readonly text: string | undefined;
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

/**
 * Whether it can be a script that was installed: a regular file, and not standard input.
 *
 * Standard input is known by its inode, not by its name. Node follows /dev/stdin before it
 * asks anybody, and a link or another number leads there as well. So `node a.js <a.js`
 * counts as standard input too. That is rare, and a file that may be executed passes.
 */
export function isInstalled(facts: Facts): boolean {
  return isRegularFile(facts[FACT_MODE] as number) && facts[FACT_STDIN] !== 1;
}

/** The facts about an fd of the caller's own, with the result of its check. */
export function factsOf(native: CodeFiles, fd: number, check: number): Facts {
  const facts = new Int32Array(FACTS);
  facts[FACT_FD] = fd;
  facts[FACT_CHECK] = check;
  facts[FACT_SECUREBITS] = native.getSecurebits();
  const mode = native.fileMode(fd);
  // Without a mode it is not open, as its check says too.
  if (mode >= 0) facts[FACT_MODE] = mode;
  return facts;
}

/**
 * From what the native side found to what is done: securebits, mechanism, policy,
 * decision. Publishes the verdict. Everything that this package decides about a file
 * goes through here. `content` is what was read from the fd, if it was read.
 */
export function decide(
  native: CodeFiles,
  question: Question,
  facts: Facts,
  content?: Uint8Array,
): Decision {
  const fd = facts[FACT_FD] as number;
  // Taken out before anybody is told: who listens may load a file, and the facts are its own then.
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

/** The same for code that comes from no file: nothing can be checked, and the policy is the answer. */
export function decideWithoutFile(native: CodeFiles, question: Question): Decision {
  const policy = currentPolicy(native, native.getSecurebits(), question.toldBy);
  const binding = binds(policy, 'interactive', false);
  if (!asksKernel(native)) return withoutPolicy(question, binding);
  const known = hasExecveCheck(native);
  const verdict: Verdict = {
    // Without the securebits nobody has an opinion; with them, they are the answer.
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
    `code that comes from no file is refused, since ${whyBinding(policy, 'interactive')}. Put it into an executable file and run that`,
  );
  return { verdict, error, failure: undefined };
}

/** The same where the system has no policy about scripts. */
function withoutPolicy(question: Question, binding: boolean): Decision {
  const { allowed, mechanism } = NOBODY;
  const verdict: Verdict = { allowed, binding, mechanism };
  publish((): AuditMessage => message(question, verdict, { denied: binding, wouldDeny: true }));
  return { verdict, error: binding ? unsupportedError(NOBODY) : undefined, failure: undefined };
}

function message(
  { operation, origin, args, importers }: Question,
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
    ...(args.path === undefined ? {} : { path: args.path }),
    ...(importers === undefined ? {} : { importers: importers() }),
  };
}

/** The error for what is not allowed: a denial, or a check that failed or could not be made. */
function refusal(
  native: CodeFiles,
  { args, importers }: Question,
  verdict: Verdict,
  raw: RawVerdict,
  file: OpenFile,
  why: string,
): Error {
  const errno = raw.errno ?? EACCES;
  if (verdict.allowed === false) {
    const kernelFile = isKernelFile(native, file.fd);
    const sealing = importers === undefined || kernelFile ? '' : SEALING;
    return new ExecDeniedError(
      errno,
      syscalls[verdict.mechanism],
      args,
      verdict,
      advice(verdict, args, file, why, sealing, kernelFile) + requireStack(importers?.() ?? []),
    );
  }
  if (raw.unsupported !== undefined) return unsupportedError(raw);
  return syscallError(errno, raw.syscall ?? syscalls[verdict.mechanism], args);
}

/** What makes the verdict about this file bind, in words. */
function whyAbout(policy: Policy, kind: Kind, facts: Facts): string {
  const byStdin = kind === 'file' && !policy.files && facts[FACT_STDIN] === 1;
  return (byStdin ? 'it is standard input, and ' : '') + whyBinding(policy, kind);
}

/** Where Node is the interpreter, a program is many files. */
const SEALING = ', or mayexec seal on the folder of its package';

/** Why the file was refused and what would change that, in a sentence or two. */
function advice(
  { reason = 'security-module' }: Verdict,
  args: SyscallArguments,
  file: OpenFile,
  why: string,
  sealing: string,
  kernelFile: boolean,
): string {
  const cause = causes[reason];
  const help = fix(reason, args.path === undefined ? 'the file' : `'${args.path}'`, { kernelFile });
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

/** In the words of Node's own MODULE_NOT_FOUND. */
function requireStack(importers: readonly string[]): string {
  return importers.length === 0 ? '' : `\nRequire stack:\n- ${importers.join('\n- ')}`;
}
