import { fstatSync as fstat, readlinkSync as readlink } from 'node:fs';

import type { AuditMessage } from './audit.js';
import { sourceOf, type Source } from './audit-source.js';
import type { LogFiles } from './log-files.js';
import { Packages } from './package-of.js';

/** Keeps the lines of the log short: a data: URL may have any length. */
const MAX_TEXT = 4096;

// The program whose files are checked may replace them later.
const fstatSync = fstat;
const readlinkSync = readlink;
const { stringify } = JSON;
const { now } = Date;
const { getuid } = process;

/** The object has no prototype, so a program's Object.prototype.toJSON does not apply. */
export function json(fields: object): string {
  return stringify({ __proto__: null, ...fields });
}

/** What a record tells its file, or other thing, by. */
export interface Identified {
  readonly operation: string;
  readonly gate: string | undefined;
  readonly option: string | undefined;
  readonly why: string | undefined;
  readonly path: string | undefined;
  readonly dev?: string;
  readonly ino?: string;
  readonly sha256: string | undefined;
  readonly denied: boolean;
  readonly wouldDeny: boolean;
}

/** Makes the lines of one log. */
export class Recorder {
  readonly #source: Source;
  readonly #packages: Packages;

  constructor(files: LogFiles, program: string | undefined) {
    this.#source = sourceOf(files, program);
    this.#packages = new Packages(files);
  }

  /** The fields of every line. */
  stamp(): object {
    const { host, program, container } = this.#source;
    const time = new Date(now()).toISOString();
    return { time, pid: process.pid, host, uid: getuid?.(), program, container };
  }

  /** The fields of a line about a verdict. */
  line(message: AuditMessage): Identified {
    const { operation, origin, gate, option, why, verdict, path, fd, sha256, importers } = message;
    const importer: unknown = importers?.[0];
    const file = identity(fd, path);
    return {
      ...this.stamp(),
      operation,
      origin,
      gate,
      option,
      why: why?.slice(0, MAX_TEXT),
      ...file,
      package: file.path?.startsWith('/') === true ? this.#packages.of(file.path) : undefined,
      sha256,
      allowed: verdict.allowed,
      binding: verdict.binding,
      denied: message.denied,
      wouldDeny: message.wouldDeny,
      mechanism: verdict.mechanism,
      errno: verdict.errno,
      reason: verdict.reason,
      importer: typeof importer === 'string' ? importer.slice(0, MAX_TEXT) : undefined,
    } as Identified;
  }
}

/**
 * The file's name by the kernel, or else the path that was given. The fd is open while the message
 * is delivered.
 */
function identity(
  fd: number | undefined,
  given: string | undefined,
): Pick<Identified, 'path' | 'dev' | 'ino'> {
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
