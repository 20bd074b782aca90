import { readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';

/** A verdict in an audit log; docs/cli.md. */
export interface AuditLine {
  readonly allowed: boolean | null;
  readonly denied: boolean;
  /** What the program makes code with, where that and no file is what it is about. */
  readonly gate?: string;
  /** The option of Node that it is about. */
  readonly option?: string;
  /** The variable that `mayexec run` leaves out of the environment; an option, of it alone. */
  readonly variable?: string;
  /** Why, where no file is what it is about. */
  readonly why?: string;
  readonly reason?: string;
  readonly errno?: string;
  readonly path?: string;
  readonly importer?: string;
  /** What the file held. */
  readonly sha256?: string;
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
  'gate',
  'option',
  'variable',
  'why',
  'reason',
  'errno',
  'path',
  'importer',
  'sha256',
] as const;

/** No verdict is longer: a path has up to 4,096 bytes, and so has an importer. */
const LONGEST = 1 << 20;
const CHUNK = 1 << 16;

/** The lines from an offset on; from the fd's own position for null. A line that is too long is undefined. */
function* linesOf(fd: number, from: number | null): Generator<string | undefined> {
  const decoder = new StringDecoder('utf8');
  const chunk = Buffer.alloc(CHUNK);
  let at = from;
  let rest = '';
  let tooLong = false;
  for (;;) {
    const got = readSync(fd, chunk, 0, CHUNK, at);
    if (got === 0) break;
    if (at !== null) at += got;
    const [end = '', ...more] = decoder.write(chunk.subarray(0, got)).split('\n');
    rest += end;
    for (const next of more) {
      yield tooLong ? undefined : rest;
      tooLong = false;
      rest = next;
    }
    if (rest.length <= LONGEST) continue;
    tooLong = true;
    rest = '';
  }
  yield tooLong ? undefined : rest + decoder.end();
}

/**
 * Calls `visit` with each verdict of an open log, from an offset on, or from the fd's
 * own position for null. Returns how many verdicts could not be read: the line was cut
 * off, is of another kind, or was lost when it was written. Throws node:fs's errors.
 */
export function readAuditLog(
  fd: number,
  from: number | null,
  visit: (line: AuditLine) => void,
): number {
  let unread = 0;
  for (const line of linesOf(fd, from)) {
    if (line === '') continue;
    const found = line === undefined ? undefined : parse(line);
    const { allowed, denied, dropped } = found ?? {};
    if (typeof dropped === 'number') unread += dropped;
    else if ((typeof allowed !== 'boolean' && allowed !== null) || typeof denied !== 'boolean') {
      unread += 1;
    } else {
      const strings = Object.fromEntries(
        STRINGS.map((name) => [name, found?.[name]] as const).filter(
          ([, value]) => typeof value === 'string',
        ),
      );
      visit({ allowed, denied, ...strings });
    }
  }
  return unread;
}
