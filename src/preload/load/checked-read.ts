import { channel } from 'node:diagnostics_channel';

import {
  AS_TEXT,
  CHECK_HERE,
  CLOSE_WHEN_READ,
  FACT_CHECK,
  FACT_FD,
  FACT_SECUREBITS,
  FACTS,
  NOT_CHECKED,
  READ,
  READ_ANYWAY,
  SKIP_CHECK,
} from '../../addon.js';
import { isExecveCheckMissing } from '../../answer.js';
import { answerFor } from '../../check.js';
import { decide } from '../../decide.js';
import { syscallError } from '../../errors.js';
import { openat2Error } from '../../openat2.js';
import { filesAreRestricted, isClosed, noticeEnforcement } from '../enforcement.js';
import { native } from '../lib/native.js';
import { uncurryThis } from '../lib/primordials.js';
import { isAlone } from '../lib/threads.js';

/** One file that Node is about to run, or to parse. No field is optional: a prototype could supply it. */
export interface Asked {
  readonly path: string;
  /** What Node does with it, for the audit channel: `load`, `dlopen`, … */
  readonly operation: string;
  /** Parsed but never run, so refused only where the gate `data` is closed. */
  readonly data: boolean;
  readonly importers: () => readonly string[];
}

/** Bytes or text of one file, from the fd that was checked. */
export interface Read {
  readonly content: string | Buffer;
  /** Whether the check allowed it. */
  readonly allowed: boolean;
}

const checks = channel('mayexec:check');
const facts = new Int32Array(FACTS);

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const decode = uncurryThis(
  // eslint-disable-next-line @typescript-eslint/unbound-method -- given its `this` below
  TextDecoder.prototype.decode,
);

/** What the last look at the securebits said. */
let restricted = false;

function binds(asked: Asked): boolean {
  return restricted && (!asked.data || isClosed('data'));
}

/** Opens and checks, and reads unless the policy is about to refuse. The numbers are in `facts`. */
function look(asked: Asked, what: number): Buffer | string | undefined {
  let how = what;
  if (isExecveCheckMissing()) how |= SKIP_CHECK;
  if (isAlone()) how |= CHECK_HERE;
  const content = native.readCodeSync(asked.path, how, facts);
  restricted = filesAreRestricted(facts[FACT_SECUREBITS]);
  if (restricted) noticeEnforcement();
  return content;
}

/** Publishes the verdict. Returns whether the check allowed the file; throws when the policy refuses it. */
function decideOn(asked: Asked, fd: number): boolean {
  const { path, operation, importers } = asked;
  const check = facts[FACT_CHECK] as number;
  const answer = answerFor(native, fd, check === NOT_CHECKED ? undefined : check, false);
  const { verdict, error } = decide(
    native,
    { operation, args: { path }, fd, importers },
    answer,
    binds(asked),
  );
  if (error !== undefined) throw error;
  return verdict.allowed === true;
}

function readAll(asked: Asked, fd: number, text: boolean): Buffer | string | undefined {
  const bytes = native.readFileSync(fd);
  if (typeof bytes !== 'number') return text ? decode(decoder, bytes) : bytes;
  if (binds(asked)) throw syscallError(bytes, 'read', { path: asked.path });
  return undefined;
}

/**
 * The content of a file that may be run, a string with `text`; or undefined when
 * it cannot be had and nothing binds: then Node reports that in its own way.
 *
 * Throws ExecDeniedError when the policy refuses the file, and where the policy
 * binds also the error of the open, of the check or of the read.
 */
export function readCode(asked: Asked, text: boolean): Read | undefined {
  const listened = checks.hasSubscribers;
  for (;;) {
    let what = binds(asked) ? READ : READ | READ_ANYWAY;
    if (text) what |= AS_TEXT;
    if (!listened) what |= CLOSE_WHEN_READ;
    const content = look(asked, what);

    const fd = facts[FACT_FD] as number;
    if (fd < 0) {
      if (binds(asked)) throw openat2Error(native, fd, { path: asked.path });
      return undefined;
    }
    if (content !== undefined && !listened) {
      if (facts[FACT_CHECK] === 0) return { content, allowed: true };
      if (!binds(asked)) return { content, allowed: false };
      // It was read when nothing bound, which has changed since.
      continue;
    }
    try {
      const allowed = decideOn(asked, fd);
      const all = content ?? readAll(asked, fd, text);
      return all === undefined ? undefined : { content: all, allowed };
    } finally {
      native.closeOwned(fd);
    }
  }
}

/**
 * Opens and checks a file that the system is going to map by itself. Returns the
 * fd, to be closed with closeCode, or undefined as readCode does; throws as it.
 */
export function openCode(asked: Asked): number | undefined {
  look(asked, 0);
  const fd = facts[FACT_FD] as number;
  if (fd < 0) {
    if (binds(asked)) throw openat2Error(native, fd, { path: asked.path });
    return undefined;
  }
  try {
    decideOn(asked, fd);
    return fd;
  } catch (error) {
    native.closeOwned(fd);
    throw error;
  }
}

export function closeCode(fd: number): void {
  native.closeOwned(fd);
}

export function readBytes(fd: number): Buffer | undefined {
  const bytes = native.readFileSync(fd);
  return typeof bytes === 'number' ? undefined : bytes;
}
