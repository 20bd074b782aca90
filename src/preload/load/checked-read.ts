import { channel } from 'node:diagnostics_channel';

import {
  AS_TEXT,
  CHECK_HERE,
  CLOSE_WHEN_READ,
  FACT_CHECK,
  FACT_FD,
  FACT_READ,
  FACT_SECUREBITS,
  FACTS,
  READ,
  READ_ANYWAY,
  READ_REGULAR,
  SKIP_CHECK,
} from '../../addon.js';
import { constants } from '../../constants.js';
import { decide, isInstalled, type Question } from '../../decision.js';
import { makesDigests } from '../../digest.js';
import { EACCES, EPERM } from '../../errno.js';
import { syscallError, type SyscallArguments } from '../../errors.js';
import { isExecveCheckMissing } from '../../mechanism.js';
import { openat2Error } from '../../openat2.js';
import type { KnownOrigin } from '../../origin.js';
import { binds, currentPolicy, policyNow, type Policy } from '../../policy.js';
import { isClosed, noticeEnforcement } from '../enforcement.js';
import { native } from '../lib/native.js';
import { textOf } from '../lib/bytes.js';
import { refused } from '../refused.js';
import { isAlone } from '../lib/threads.js';

/**
 * The question about a file that Node is about to run, map or parse. It holds a path and
 * nothing else.
 */
export interface FileQuestion extends Question {
  readonly args: SyscallArguments & { readonly path: string };
}

/**
 * A file with `data` is parsed and never run, so it is refused only where the gate `data` is
 * closed. `importers` are the modules that imported it.
 */
export function fileQuestion(
  operation: string,
  origin: KnownOrigin,
  path: string,
  data: boolean,
  importers: () => readonly string[],
): FileQuestion {
  return {
    operation,
    origin,
    kind: data && !isClosed('data') ? 'data' : 'file',
    args: { path },
    data,
    toldBy: undefined,
    emulate: false,
    importers,
    text: undefined,
  };
}

/** Bytes or text of one file, from the fd that was checked. */
export interface Read {
  readonly content: string | Buffer;
  /** Whether the check allowed it. */
  readonly allowed: boolean;
}

const checks = channel('mayexec:check');
const facts = new Int32Array(FACTS);
const { AT_FDCWD } = constants;

/** The policy when it was last read. */
let policy: Policy = { files: false, interactive: false, mayEmulate: false, told: undefined };

/** The policy of this thread now. It says what the next file may be read for. */
export function readPolicy(): Policy {
  policy = policyNow();
  return policy;
}

function isBinding(question: Question): boolean {
  return binds(policy, question.kind, isInstalled(facts));
}

/** What may be read before the decision. The content of a refused file stays unread. */
function readable(question: Question): number {
  if (question.kind === 'data') return READ | READ_ANYWAY;
  if (policy.files) return READ;
  return policy.interactive ? READ | READ_REGULAR : READ | READ_ANYWAY;
}

/** Opens and checks the file, and reads what `what` selects. The numbers go into `facts`. */
function look(question: FileQuestion, what: number): Buffer | string | undefined {
  let how = what;
  if (isExecveCheckMissing()) how |= SKIP_CHECK;
  if (isAlone()) how |= CHECK_HERE;
  const content = native.openCodeSync(AT_FDCWD, question.args.path, 0n, how, facts);
  policy = currentPolicy(native, facts[FACT_SECUREBITS] as number, undefined);
  if (policy.files || policy.interactive) noticeEnforcement();
  return content;
}

let failure = 0;

/** The errno for which the last file could not be opened or read. */
export const lastFailure = (): number => failure;

/** Publishes the verdict. Returns whether the check allowed the file; throws when the policy refuses it. */
function decideOn(question: Question, content?: Uint8Array): boolean {
  const { verdict, error } = decide(native, question, facts, content);
  if (error !== undefined) throw error;
  return verdict.allowed === true;
}

/**
 * The content of a file that may be run, as a string with `text`. Undefined when it cannot
 * be read and nothing is enforced: then Node reports the error in its own way.
 *
 * Throws ExecDeniedError when the policy refuses the file. Under enforcement it also throws
 * the error of the open, the check or the read.
 */
export function readCode(question: FileQuestion, text: boolean): Read | undefined {
  const listened = checks.hasSubscribers;
  for (;;) {
    let what = readable(question);
    // A log needs the digest of the bytes, so read bytes and decode them later.
    const decodes = text && listened && makesDigests();
    if (text && !decodes) what |= AS_TEXT;
    if (!listened) what |= CLOSE_WHEN_READ;
    const content = look(question, what);

    const fd = facts[FACT_FD] as number;
    if (fd < 0) {
      if (isBinding(question)) throw openat2Error(native, fd, question.args);
      failure = fd;
      return undefined;
    }
    if (content !== undefined && !listened) {
      if (facts[FACT_CHECK] === 0) return { content, allowed: true };
      if (!isBinding(question)) return { content, allowed: false };
      // A restriction began after the file was read, so check again.
      continue;
    }
    try {
      // Read the facts before subscribers run: a subscriber that loads a file overwrites them.
      const error = facts[FACT_READ] as number;
      const binding = isBinding(question);
      const bytes = typeof content === 'string' ? undefined : content;
      const allowed = decideOn(question, bytes);
      if (content !== undefined) {
        return { content: decodes ? textOf(content as Buffer) : content, allowed };
      }
      // With O_MAYEXEC the answer comes after the call that reads what a check allowed.
      const late = error < 0 ? error : native.readFileSync(fd);
      if (typeof late !== 'number') {
        return { content: text ? textOf(late) : late, allowed };
      }
      if (binding) throw syscallError(late, 'read', question.args);
      failure = late;
      return undefined;
    } finally {
      native.closeOwned(fd);
    }
  }
}

/** An open file, and its identity at the time of the decision. */
export interface OpenCode {
  readonly fd: number;
  readonly identity: string;
  /** Whether the check allowed it. */
  readonly allowed: boolean;
  /** What openCode was told to read. */
  readonly content: string | Buffer | undefined;
}

/**
 * Opens and checks a file that the system is going to map, and reads what `what` selects. Returns
 * its fd, to be closed with closeCode. Returns undefined, and throws, as readCode does.
 */
export function openCode(question: FileQuestion, what = 0): OpenCode | undefined {
  const content = look(question, what);
  const fd = facts[FACT_FD] as number;
  if (fd < 0) {
    if (isBinding(question)) throw openat2Error(native, fd, question.args);
    return undefined;
  }
  try {
    const failed = facts[FACT_READ] as number;
    const identity = identify(fd, question.args.path);
    const allowed = decideOn(question);
    if (failed < 0) throw syscallError(failed, 'read', question.args);
    return { fd, identity, allowed, content };
  } catch (error) {
    native.closeOwned(fd);
    throw error;
  }
}

/** The identity of the file behind an fd, valid while it is open. */
function identify(fd: number, path: string): string {
  const identity = native.fileIdentity(fd);
  if (typeof identity === 'number') throw syscallError(identity, 'fstat', { path });
  return identity;
}

/**
 * Confirms that the fd still refers to the file that was decided on. A subscriber of the
 * channel could have put another file under its number. The kernel's answer is needed too,
 * since inode numbers are reused once a file is closed. Call this where files are
 * restricted, and run no code of the program between it and the use.
 */
export function confirmCode(path: string, { fd, identity }: OpenCode): void {
  const check = isExecveCheckMissing() ? 0 : native.checkSync(fd, path);
  if (check === 0 && identify(fd, path) === identity) return;
  // Where no thread can be started for it, there is no answer.
  if (check !== 0 && check !== EACCES && check !== EPERM)
    throw syscallError(check, 'execveat', { path });
  throw refused('another file replaced it while its verdict was published', path);
}

/**
 * Opens a file once more whose verdict has been published. Publishes nothing, so no code of the
 * program runs. Throws ExecDeniedError when the check does not allow it any more.
 */
export function reopenCode(question: FileQuestion): OpenCode {
  const { path } = question.args;
  look(question, 0);
  const fd = facts[FACT_FD] as number;
  if (fd < 0) throw openat2Error(native, fd, question.args);
  try {
    const identity = identify(fd, path);
    const open = { fd, identity, allowed: true, content: undefined };
    confirmCode(path, open);
    return open;
  } catch (error) {
    native.closeOwned(fd);
    throw error;
  }
}

export function closeCode(fd: number): void {
  native.closeOwned(fd);
}
