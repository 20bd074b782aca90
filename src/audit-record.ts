import { fstatSync as fstat, readlinkSync as readlink } from 'node:fs';

import type { AuditMessage, Child } from './audit.js';
import { sourceOf, type Source } from './audit-source.js';
import type { LogFiles } from './log-files.js';
import { Packages } from './package-of.js';
import { StringPrototypeSlice, uncurryThis } from './primordials.js';

/** Keeps the lines of the log short: a data: URL may have any length. */
const MAX_TEXT = 4096;

// The program whose files are checked may replace them later.
const fstatSync = fstat;
const readlinkSync = readlink;
const { stringify } = JSON;
const { now } = Date;
/* eslint-disable @typescript-eslint/unbound-method -- each is given its `this` */
const DatePrototypeToISOString = uncurryThis(Date.prototype.toISOString);
/** Since Node 20. */
const StringPrototypeToWellFormed = uncurryThis(
  (String.prototype as unknown as { toWellFormed: (this: string) => string }).toWellFormed,
);
/* eslint-enable @typescript-eslint/unbound-method */
const { getuid } = process;
const { setPrototypeOf } = Object;

/**
 * The beginning of a text. Half a pair of surrogates becomes U+FFFD: other readers of JSON refuse a
 * line with one.
 */
function beginning<T extends string | undefined>(text: T, most = MAX_TEXT): T {
  return (
    text === undefined ? text : StringPrototypeToWellFormed(StringPrototypeSlice(text, 0, most))
  ) as T;
}

/** The object has no prototype, so a program's Object.prototype.toJSON does not apply. */
export function json(fields: object): string {
  return stringify({ __proto__: null, ...fields });
}

/** The fields that say which file, or which other thing, a record is about. */
export interface Identified {
  readonly operation: string;
  readonly gate: string | undefined;
  readonly option: string | undefined;
  readonly why: string | undefined;
  readonly path: string | undefined;
  readonly dev?: string;
  readonly ino?: string;
  readonly sha256: string | undefined;
  readonly child: { readonly file: string } | undefined;
  readonly denied: boolean;
  readonly wouldDeny: boolean;
}

/** Makes the lines of one log. */
export class Recorder {
  readonly #source: Source;
  readonly #packages: Packages;

  /** How many characters of the code's text a line may have. */
  readonly #maxCode: number;

  constructor(files: LogFiles, program: string | undefined, maxCode: number) {
    this.#source = sourceOf(files, program);
    this.#packages = new Packages(files);
    this.#maxCode = maxCode;
  }

  /** The fields of every line. */
  stamp(): object {
    const { host, program, container } = this.#source;
    const time = DatePrototypeToISOString(new Date(now()));
    return { time, pid: process.pid, host, uid: getuid?.(), program, container };
  }

  /** The fields of a line about a verdict. */
  line(message: AuditMessage): Identified {
    const { operation, origin, gate, option, why, verdict, path, fd, sha256, importers } = message;
    const { child, text } = message;
    const importer: unknown = importers?.[0];
    const file = identity(fd, path);
    return {
      ...this.stamp(),
      operation,
      origin,
      gate: beginning(gate),
      option: beginning(option),
      why: beginning(why),
      ...file,
      package: file.path?.[0] === '/' ? beginning(this.#packages.of(file.path)) : undefined,
      sha256,
      allowed: verdict.allowed,
      binding: verdict.binding,
      denied: message.denied,
      wouldDeny: message.wouldDeny,
      mechanism: verdict.mechanism,
      errno: verdict.errno,
      reason: verdict.reason,
      importer: typeof importer === 'string' ? beginning(importer) : undefined,
      child: child === undefined ? undefined : fieldsOfChild(child),
      ...fieldsOfText(text, this.#maxCode),
    } as Identified;
  }
}

/** The beginning of a text, and its whole length when it was cut off. */
function fieldsOfText(text: string | undefined, most: number): object {
  if (text === undefined || most === 0) return { text: undefined, textLength: undefined };
  const isWhole = text.length <= most;
  return { text: beginning(text, most), textLength: isWhole ? undefined : text.length };
}

/**
 * The words, cut off where they have MAX_TEXT characters together. No object here has a prototype,
 * so that a toJSON of the program does not apply.
 */
function fieldsOfChild({ file, argv, cwd, preload }: Child): { readonly file: string } {
  const words: string[] = [];
  let length = 0;
  for (let i = 0; i < argv.length && length < MAX_TEXT; i++) {
    const word = argv[i] as string;
    words[i] = beginning(word, MAX_TEXT - length);
    length += word.length;
  }
  const isWhole = words.length === argv.length && length <= MAX_TEXT;
  return {
    __proto__: null,
    file: beginning(file),
    argv: setPrototypeOf(words, null) as string[],
    argc: isWhole ? undefined : argv.length,
    cwd: beginning(cwd),
    preload,
  } as unknown as { readonly file: string };
}

/**
 * The file's name by the kernel, or else the path that was given. The fd is open while the message
 * is delivered.
 */
function identity(
  fd: number | undefined,
  given: string | undefined,
): Pick<Identified, 'path' | 'dev' | 'ino'> {
  if (fd === undefined) return { path: beginning(given) };
  const { dev, ino } = fstatSync(fd, { bigint: true });
  const path = beginning(nameOf(fd) ?? given);
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
