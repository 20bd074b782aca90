import { fstatSync as fstat, readlinkSync as readlink } from 'node:fs';

import type { AuditMessage } from './audit.js';

/** Keeps the lines of the log short: a data: URL may have any length. */
const MAX_TEXT = 4096;

// The program whose files are checked may replace them later.
const fstatSync = fstat;
const readlinkSync = readlink;
const { stringify } = JSON;
const { now } = Date;

/** The object has no prototype, so a program's Object.prototype.toJSON does not apply. */
export function json(fields: object): string {
  return stringify({ __proto__: null, ...fields });
}

/** The fields of every line. */
export function stamp(): { time: string; pid: number } {
  return { time: new Date(now()).toISOString(), pid: process.pid };
}

/** The fields of a line about a verdict. */
export function record(message: AuditMessage): object {
  const { operation, origin, gate, option, why, verdict, path, fd, sha256, importers } = message;
  const importer: unknown = importers?.[0];
  return {
    ...stamp(),
    operation,
    origin,
    gate,
    option,
    why: why?.slice(0, MAX_TEXT),
    ...identity(fd, path),
    sha256,
    allowed: verdict.allowed,
    binding: verdict.binding,
    denied: message.denied,
    wouldDeny: message.wouldDeny,
    mechanism: verdict.mechanism,
    errno: verdict.errno,
    reason: verdict.reason,
    importer: typeof importer === 'string' ? importer.slice(0, MAX_TEXT) : undefined,
  };
}

/**
 * The file's name by the kernel, or else the path that was given. The fd is open while the message
 * is delivered.
 */
function identity(fd: number | undefined, given: string | undefined): object {
  if (fd === undefined) return { path: given?.slice(0, MAX_TEXT) };
  const { dev, ino } = fstatSync(fd, { bigint: true });
  const path = (nameOf(fd) ?? given)?.slice(0, MAX_TEXT);
  return { path, dev: String(dev), ino: String(ino) };
}

/** Undefined without /proc, and for a path that is too long for the kernel to return. */
function nameOf(fd: number): string | undefined {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return undefined;
  }
}
