import { writeSync as write } from 'node:fs';

import { addon } from './addon.js';
import { invalidArgType, invalidArgValue, toOptions, type Names } from './arguments.js';
import { programHere } from './audit-source.js';
import {
  start,
  toLogRecords,
  toTextLimit,
  Writer,
  type AuditLog,
  type LogRecords,
  type Writing,
} from './audit-writer.js';
import { syscallError } from './errors.js';
import { OwnFd } from './own-fd.js';

/** Options of the system log. */
export interface SystemLogOptions {
  /** The daemon's socket. Default /dev/log or /run/systemd/journal/socket. */
  socket?: string | undefined;
  /** Which verdicts are sent. Default `all`. */
  records?: LogRecords | undefined;
  /** As for openAuditLog. */
  text?: number | undefined;
}

const names: Names<SystemLogOptions> = { socket: true, records: true, text: true };

// The program whose files are checked may replace them later.
const writeSync = write;

const sockets = { syslog: '/dev/log', journal: '/run/systemd/journal/socket' } as const;

// syslog(3)
const LOG_AUTHPRIV = 10 << 3;
const LOG_WARNING = 4;
const LOG_INFO = 6;

const formats: Readonly<Record<keyof typeof sockets, (text: string, priority: number) => string>> =
  {
    syslog: (text, priority) => `<${LOG_AUTHPRIV | priority}>mayexec[${process.pid}]: ${text}`,
    // Each line is one field. JSON text contains no line breaks.
    journal: (text, priority) =>
      `PRIORITY=${priority}\nSYSLOG_FACILITY=${LOG_AUTHPRIV >> 3}\nSYSLOG_IDENTIFIER=mayexec\nMESSAGE=${text}\n`,
  };

/**
 * Sends every verdict of this thread to the system's log from now on, as the JSON of openAuditLog.
 * A refusal has priority `warning`, any other verdict `info`. The facility is `authpriv`. Each
 * verdict is one datagram, as from syslog(3) or sd_journal_send(3).
 *
 * Throws a SyscallError when the daemon cannot be reached now. Later errors are not thrown: a
 * verdict that the daemon does not take is counted as dropped. A restarted daemon is found again.
 */
export function openSystemLog(kind: 'syslog' | 'journal', options?: SystemLogOptions): AuditLog {
  if (!Object.hasOwn(sockets, kind)) {
    throw invalidArgValue('kind', kind, "must be one of 'syslog', 'journal'");
  }
  const { socket = sockets[kind], records, text } = toOptions(options, names);
  if (typeof socket !== 'string') {
    throw invalidArgType('options.socket', 'of type string', socket);
  }
  const writing = {
    records: toLogRecords(records),
    text: toTextLimit(text),
    program: programHere(),
  };
  return start(new SocketWriter(socket, formats[kind]), writing);
}

/** openSystemLog for the preload, which knows more about the process. */
export function openSystemLogBy(kind: 'syslog' | 'journal', writing: Writing): AuditLog {
  return start(new SocketWriter(sockets[kind], formats[kind]), writing);
}

function connect(socket: string): OwnFd {
  const fd = addon().datagramConnect(socket);
  if (fd < 0) throw syscallError(fd, 'connect', { path: socket });
  return new OwnFd(fd);
}

class SocketWriter extends Writer {
  #own: OwnFd;
  readonly #socket: string;
  readonly #format: (text: string, priority: number) => string;

  constructor(socket: string, format: (text: string, priority: number) => string) {
    super();
    this.#socket = socket;
    this.#format = format;
    this.#own = connect(socket);
  }

  protected override prepare(): void {
    // A restarted daemon has a new socket: see send().
    if (this.#own.stat() === undefined) this.#own = connect(this.#socket);
  }

  protected override send(text: string, alarm: boolean): void {
    const message = this.#format(text, alarm ? LOG_WARNING : LOG_INFO);
    try {
      writeSync(this.#own.fd, message);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') throw error;
      this.#own.close();
      this.#own = connect(this.#socket);
      writeSync(this.#own.fd, message);
    }
  }

  override close(): void {
    this.#own.close();
  }
}
