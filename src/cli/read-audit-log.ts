import { readSync } from 'node:fs';
import { posix } from 'node:path';
import { StringDecoder } from 'node:string_decoder';

import { CHUNK, logBytes, type AlreadyRead } from './log-bytes.js';
import { amount, printable, quoted, warn } from './terminal.js';
import { packageFolder } from './tree/owner.js';

/** A verdict in an audit log; docs/cli.md. */
export interface AuditLine {
  /** The function that asked; `start` when a start is refused. */
  readonly operation?: string;
  readonly allowed: boolean | null;
  readonly denied: boolean;
  /** Whether both securebits would refuse it. Absent in a log of an older mayexec. */
  readonly wouldDeny?: boolean;
  /** The gate, when the verdict is about one. */
  readonly gate?: string;
  /** The option of Node, when the verdict is about one. */
  readonly option?: string;
  /**
   * The variable that `mayexec run` removes. With an option, it removes only that option from the
   * variable.
   */
  readonly variable?: string;
  /** The reason, when the verdict is about no file. */
  readonly why?: string;
  readonly reason?: string;
  readonly errno?: string;
  readonly path?: string;
  readonly importer?: string;
  /** The hash of the file. */
  readonly sha256?: string;
  readonly time?: string;
  readonly host?: string;
  readonly program?: string;
  /** name@version */
  readonly package?: string;
  readonly mechanism?: string;
}

/** The message about logs without a record. They do not prove that nothing was refused. */
export const NO_RECORD =
  'the logs have no record. Did the program write them, and had their disk room?';

/** The cause of a denial. docs/fleet.md lists the causes that are not a reason of the kernel's. */
export function causeIn(line: AuditLine): string {
  const { reason, gate, option, variable, path, errno, operation } = line;
  if (reason !== undefined) return reason;
  if (gate !== undefined) return 'gate';
  if (option !== undefined || variable !== undefined) return 'option';
  if (path === undefined) return operation === 'start' ? 'start' : 'no-file';
  return errno ?? 'none';
}

/** The package of a record's file. A log of an older mayexec has none, so then the path decides. */
export function packageIn({ package: named, path }: AuditLine): string {
  if (path === undefined) return '(no file)';
  return named ?? packageFolder(posix.dirname(path)) ?? '(no package)';
}

function parse(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

const STRINGS = [
  'operation',
  'gate',
  'option',
  'variable',
  'why',
  'reason',
  'errno',
  'path',
  'importer',
  'sha256',
  'time',
  'host',
  'program',
  'package',
  'mechanism',
] as const;

/** No line is longer, because a path and an importer have up to 4,096 bytes each. */
const LONGEST = 1 << 20;
const BYTE_ORDER_MARK = '\uFEFF';

type Visit = (line: AuditLine) => void;
/** A Visit that also gets the name of the log. */
type VisitIn = (line: AuditLine, file: string) => void;

/** Splits the pieces of a log into lines, and calls `visit` with each verdict. */
class Lines {
  /**
   * Verdicts that could not be read: truncated, of another kind, or lost when they were written.
   */
  unread = 0;
  readonly #visit: Visit;
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';
  #tooLong = false;

  constructor(visit: Visit) {
    this.#visit = visit;
  }

  take(chunk: Buffer): void {
    const text = this.#rest + this.#decoder.write(chunk);
    let from = 0;
    for (let to = text.indexOf('\n'); to >= 0; to = text.indexOf('\n', from)) {
      this.#line(text.slice(from, to));
      from = to + 1;
    }
    this.#rest = text.slice(from);
    if (this.#rest.length <= LONGEST) return;
    this.#tooLong = true;
    this.#rest = '';
  }

  end(): void {
    this.#line(this.#rest + this.#decoder.end());
  }

  /** JSON.parse takes the "\r" of a line from Windows, but not the mark at the start of a file. */
  #line(raw: string): void {
    const line = raw.startsWith(BYTE_ORDER_MARK) ? raw.slice(1) : raw;
    const found = this.#tooLong ? undefined : parse(line);
    const isNothing = (line === '' || line === '\r') && !this.#tooLong;
    this.#tooLong = false;
    if (isNothing) return;
    if (typeof found?.['dropped'] === 'number') this.unread += found['dropped'];
    else if (!isVerdict(found)) this.unread += 1;
    else if (!isAside(found)) this.#visit(found);
  }
}

/** Checks that each known field is absent or has the right type. */
function isVerdict(
  found: Record<string, unknown> | undefined,
): found is Record<string, unknown> & AuditLine {
  if (found === undefined) return false;
  const { allowed, denied } = found;
  if ((typeof allowed !== 'boolean' && allowed !== null) || typeof denied !== 'boolean')
    return false;
  for (const name of STRINGS) {
    if (name in found && typeof found[name] !== 'string') Reflect.deleteProperty(found, name);
  }
  if ('wouldDeny' in found && typeof found['wouldDeny'] !== 'boolean')
    Reflect.deleteProperty(found, 'wouldDeny');
  return true;
}

/**
 * Whether a record only adds to another one. The start of a program does: a refusal of it has its
 * own record. The text of standard input does: the record of its fd has the verdict.
 */
function isAside(found: Record<string, unknown>): boolean {
  const { origin } = found;
  return origin === 'child-process' || (origin === 'stdin' && !('dev' in found));
}

/**
 * Calls `visit` with each verdict of an open log, from an offset on. With null it starts at the
 * fd's own position. Returns how many verdicts could not be read: truncated, of another kind, or
 * lost when they were written. Throws node:fs's errors.
 */
export function readAuditLog(fd: number, from: number | null, visit: Visit): number {
  const lines = new Lines(visit);
  const chunk = Buffer.alloc(CHUNK);
  for (let at = from; ;) {
    const got = readSync(fd, chunk, 0, CHUNK, at);
    if (got === 0) break;
    if (at !== null) at += got;
    lines.take(chunk.subarray(0, got));
  }
  lines.end();
  return lines.unread;
}

/** What could not be read of many logs. */
export interface Unread {
  /** Lines, and verdicts that were lost when they were written. */
  readonly lines: number;
  /** Logs, each with the reason. What came before the error was read. */
  readonly logs: readonly { readonly log: string; readonly why: string }[];
}

/**
 * Reads many logs one after the other. A log that cannot be read, or not to its end, does not keep
 * it from the others.
 */
export async function readAuditLogs(files: readonly string[], visit: VisitIn): Promise<Unread> {
  let unread = 0;
  const before: AlreadyRead = new Set();
  const logs: { log: string; why: string }[] = [];
  for (const log of files) {
    const lines = new Lines((line) => {
      visit(line, log);
    });
    try {
      for await (const chunk of logBytes(log, before)) lines.take(chunk);
    } catch (error) {
      logs.push({ log, why: (error as Error).message });
    }
    lines.end();
    unread += lines.unread;
  }
  return { lines: unread, logs };
}

/** Says what could not be read. Returns whether all could be. */
export function tellUnread({ lines, logs }: Unread): boolean {
  for (const { log, why } of logs)
    warn(`the log ${printable(quoted(log))} could not be read: ${printable(why)}`);
  if (lines > 0) warn(`${amount(lines, 'line')} of the logs could not be read`);
  return logs.length === 0 && lines === 0;
}

/** Whether the logs could be read, and say nothing. */
export function sayNothing(records: number, { lines, logs }: Unread): boolean {
  return records === 0 && lines === 0 && logs.length === 0;
}
