import { readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';

import { readLine, type AuditLine } from './audit-line.js';
import { CHUNK, logBytes, type AlreadyRead } from './log-bytes.js';
import { amount, printable, quoted, warn } from './terminal.js';

/** The message about logs without a record. They do not prove that nothing was refused. */
export const NO_RECORD =
  'the logs have no record. Did the program write them, and had their disk room?';

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
    const isTooLong = this.#tooLong;
    this.#tooLong = false;
    if ((line === '' || line === '\r') && !isTooLong) return;
    const found = isTooLong ? undefined : readLine(line);
    if (found === undefined) this.unread += 1;
    else if (typeof found === 'number') this.unread += found;
    else if (found !== 'aside') this.#visit(found);
  }
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
