import { fstatSync, writeSync as write } from 'node:fs';

import { openAuditLogBy } from '../audit-log.js';
import { isLogRecords, toTextLimit, type AuditLog, type LogRecords } from '../audit-writer.js';
import { EBADF } from '../errno.js';
import { syscallError } from '../errors.js';
import { FILES } from '../log-files.js';
import { printable } from '../quote.js';
import { openSystemLogBy } from '../system-log.js';
import {
  auditLog,
  handOnLog,
  isAudited,
  logRecords,
  logText,
  setAuditLog,
  warns,
} from './settings.js';
import { isUnderPermission } from './guard/permission.js';
import { native } from './lib/native.js';
import {
  ObjectHasOwn,
  StringPrototypeIncludes,
  StringPrototypeSlice,
  StringPrototypeStartsWith,
} from './lib/primordials.js';
import { logFiles } from './log-files.js';
import { programOfProcess } from './log-program.js';
import { handedOnFd, readLogTarget } from './log-target.js';
import { isNodesOwn } from './node-fd.js';
import { startWarnings } from './warnings.js';

// The program whose files are checked may replace it later.
const writeSync = write;

/** Which verdicts are written. An unknown value of the variable means all of them. */
function wantedRecords(): LogRecords {
  if (logRecords === undefined || isLogRecords(logRecords)) return logRecords ?? 'all';
  say(
    `MAYEXEC_LOG is '${logRecords}', which is not refusals, first or all. Every verdict is written`,
  );
  return 'all';
}

/** How many characters of a text are written. A wrong value of the variable means none. */
function wantedText(): number {
  if (logText === undefined) return 0;
  try {
    return toTextLimit(+logText);
  } catch {
    say(`MAYEXEC_LOG_TEXT is '${logText}', which is no number from 0 to 65536. No text is written`);
    return 0;
  }
}

/** What Node reads in the place of other bytes. Another file could have that name. */
const NOT_UTF8 = '\ufffd';

const notOpen = (target: string): Error => new Error(`'${target}' is not open for writing`);

function identityOf(fd: number): string {
  const { dev, ino } = fstatSync(fd, { bigint: true });
  return `${dev}:${ino}`;
}

/** An fd that children inherit. Throws when it cannot be written to, or belongs to another file. */
function inheritedFd(fd: number, identity: string | undefined, target: string): number {
  if (identity === undefined && isNodesOwn(fd)) throw notOpen(target);
  const found = identityOf(fd);
  if (identity !== undefined && identity !== found)
    throw new Error(`'${target}' is another file here than where it was handed on`);
  const inherited = native.inheritFd(fd);
  if (inherited === EBADF) throw notOpen(target);
  if (inherited < 0) throw syscallError(inherited, 'fcntl', { path: target });
  setAuditLog(handedOnFd(inherited, found));
  return inherited;
}

/**
 * Opens the log, and notes how child processes find it. Throws an error that says why it cannot.
 */
function openTarget(target: string): AuditLog {
  const found = readLogTarget(target);
  const files = isUnderPermission ? logFiles : FILES;
  const writing = {
    records: wantedRecords(),
    text: wantedText(),
    program: programOfProcess(files),
    files,
    onLoss: sayLost,
  };
  if ('daemon' in found) return openSystemLogBy(found.daemon, writing);
  if ('fd' in found)
    return openAuditLogBy(files, inheritedFd(found.fd, found.identity, target), writing);
  if (StringPrototypeIncludes(found.path, NOT_UTF8)) {
    throw new Error(
      `'${target}' is not UTF-8, and Node does not know its bytes. Open it yourself: MAYEXEC_AUDIT_LOG=fd:3 3>>FILE`,
    );
  }
  setAuditLog(found.path);
  return openAuditLogBy(files, found.path, writing);
}

/** Why a log cannot be opened, where the text of the errno does not help. */
const WHY: Readonly<Record<string, string>> = {
  ENXIO: 'it has no reader. Start what reads the fifo first',
  ELOOP: 'it is a symbolic link, which is not followed. Name the file itself',
};

/** Logs this thread's verdicts from now on. A log that fails does not stop the program. */
export function startAuditTrail(): void {
  if (!isAudited) return;
  if (warns) startWarnings();
  if (auditLog !== undefined) {
    try {
      openTarget(auditLog);
    } catch (error) {
      const { code = '', message } = error as NodeJS.ErrnoException;
      const why = ObjectHasOwn(WHY, code) ? WHY[code] : undefined;
      sayNoLog(why === undefined ? message : `'${auditLog}': ${why}`);
    }
  }
  handOnLog(process.env);
}

/** Tells the operator why the log stays empty. */
export function sayNoLog(why: string): void {
  say(`no audit log is written: ${why}`);
}

/** Tells the operator, once in the process, why programs start no faster. */
export function sayBytecodeUnused(why: string): void {
  if (warns && native.isFirstTime(why) !== 0) say(printable(why));
}

const OWN = 'mayexec: ';

/** Tells the operator, once in the process, that the log is not complete. */
function sayLost({ message }: Error): void {
  if (native.isFirstTime('the audit log loses records') === 0) return;
  const why = StringPrototypeStartsWith(message, OWN)
    ? StringPrototypeSlice(message, OWN.length)
    : message;
  say(`the audit log loses records: ${printable(why)}. The program goes on`);
}

function say(text: string): void {
  try {
    writeSync(2, `mayexec: ${text}\n`);
  } catch {
    // stderr is closed, so there is no place for the message.
  }
}
