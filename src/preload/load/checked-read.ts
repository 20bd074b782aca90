import { channel } from 'node:diagnostics_channel';
import { fstatSync } from 'node:fs';

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
import { decide, isRegular, type Question } from '../../decision.js';
import { syscallError, type SyscallArguments } from '../../errors.js';
import { isExecveCheckMissing } from '../../mechanism.js';
import { openat2Error } from '../../openat2.js';
import { binds, currentPolicy, type Policy } from '../../policy.js';
import { isClosed, noticeEnforcement } from '../enforcement.js';
import { native } from '../lib/native.js';
import { refused } from '../refused.js';
import { isAlone } from '../lib/threads.js';

/** The question about a file that Node is about to run, map or parse: a path and nothing else. */
export interface FileQuestion extends Question {
  readonly args: SyscallArguments & { readonly path: string };
  /** Whether it is parsed and never run. Where the gate `data` is closed it is asked about as a file of code is. */
  readonly data: boolean;
}

/**
 * `data` is parsed and never run, so it is refused only where the gate `data` is
 * closed. `importers` are the modules that asked for it.
 */
export function fileQuestion(
  operation: string,
  path: string,
  data: boolean,
  importers: () => readonly string[],
): FileQuestion {
  return {
    operation,
    kind: data && !isClosed('data') ? 'data' : 'file',
    args: { path },
    data,
    enforce: false,
    emulate: false,
    importers,
  };
}

/** Bytes or text of one file, from the fd that was checked. */
export interface Read {
  readonly content: string | Buffer;
  /** Whether the check allowed it. */
  readonly allowed: boolean;
}

const fstat = fstatSync;
const checks = channel('mayexec:check');
const facts = new Int32Array(FACTS);
const { AT_FDCWD } = constants;

/** As it was at the last look. */
let policy: Policy = { files: false, interactive: false, mayEmulate: false, told: false };

function isBinding(question: Question): boolean {
  return binds(policy, question.kind, isRegular(facts));
}

/** What may be read before anybody has decided: what was refused stays unread. */
function readable(question: Question): number {
  if (question.kind === 'data') return READ | READ_ANYWAY;
  if (policy.files) return READ;
  return policy.interactive ? READ | READ_REGULAR : READ | READ_ANYWAY;
}

/** Opens and checks, and reads what it is told. The numbers are in `facts`. */
function look(question: FileQuestion, what: number): Buffer | string | undefined {
  let how = what;
  if (isExecveCheckMissing()) how |= SKIP_CHECK;
  if (isAlone()) how |= CHECK_HERE;
  const content = native.openCodeSync(AT_FDCWD, question.args.path, 0n, how, facts);
  policy = currentPolicy(native, facts[FACT_SECUREBITS] as number, false);
  if (policy.files || policy.interactive) noticeEnforcement();
  return content;
}

/** Publishes the verdict. Returns whether the check allowed the file; throws when the policy refuses it. */
function decideOn(question: Question): boolean {
  const { verdict, error } = decide(native, question, facts);
  if (error !== undefined) throw error;
  return verdict.allowed === true;
}

/**
 * The content of a file that may be run, a string with `text`; or undefined when
 * it cannot be had and nothing binds: then Node reports that in its own way.
 *
 * Throws ExecDeniedError when the policy refuses the file, and where the policy
 * binds also the error of the open, of the check or of the read.
 */
export function readCode(question: FileQuestion, text: boolean): Read | undefined {
  const listened = checks.hasSubscribers;
  for (;;) {
    let what = readable(question);
    if (text) what |= AS_TEXT;
    if (!listened) what |= CLOSE_WHEN_READ;
    const content = look(question, what);

    const fd = facts[FACT_FD] as number;
    if (fd < 0) {
      if (isBinding(question)) throw openat2Error(native, fd, question.args);
      return undefined;
    }
    if (content !== undefined && !listened) {
      if (facts[FACT_CHECK] === 0) return { content, allowed: true };
      if (!isBinding(question)) return { content, allowed: false };
      // It was read when nothing bound, which has changed since.
      continue;
    }
    try {
      const allowed = decideOn(question);
      if (content !== undefined) return { content, allowed };
      const error = facts[FACT_READ] as number;
      if (error < 0 && isBinding(question)) throw syscallError(error, 'read', question.args);
      return undefined;
    } finally {
      native.closeOwned(fd);
    }
  }
}

/** An open file, and which one it was when it was decided on. */
export interface OpenCode {
  readonly fd: number;
  readonly identity: string;
}

/**
 * Opens and checks a file that the system is going to map by itself. Returns its fd,
 * to be closed with closeCode, or undefined as readCode does; throws as it.
 */
export function openCode(question: FileQuestion): OpenCode | undefined {
  look(question, 0);
  const fd = facts[FACT_FD] as number;
  if (fd < 0) {
    if (isBinding(question)) throw openat2Error(native, fd, question.args);
    return undefined;
  }
  try {
    const identity = identify(fd);
    decideOn(question);
    return { fd, identity };
  } catch (error) {
    native.closeOwned(fd);
    throw error;
  }
}

/** Which file an fd is of, as long as it is open. */
function identify(fd: number): string {
  const { dev, ino } = fstat(fd, { bigint: true });
  return `${dev}:${ino}`;
}

/**
 * That the fd is still of the file which was decided on: who listens to the channel
 * could have put another under its number. The kernel says so as well, since an
 * inode's number is used again once nobody has the file open. To be called where
 * files are restricted, and no code of the program's runs between it and the use.
 */
export function confirmCode(path: string, { fd, identity }: OpenCode): void {
  const check = isExecveCheckMissing() ? 0 : native.checkSync(fd, path);
  if (check === 0 && identify(fd) === identity) return;
  throw refused('another file was put in its place while its check was published', path);
}

export function closeCode(fd: number): void {
  native.closeOwned(fd);
}
