import { subscribe, unsubscribe } from 'node:diagnostics_channel';

import { addon } from './addon.js';
import { invalidArgType, invalidArgValue, outOfRange } from './arguments.js';
import type { AuditMessage } from './audit.js';
import { json, Recorder, type Identified } from './audit-record.js';
import { startDigests } from './digest.js';
import { FILES, type LogFiles } from './log-files.js';

/**
 * Which verdicts a log has. `refusals`: those that refuse, or would. `first`: each file once in the
 * process, and again when its text or its verdict changes.
 */
export type LogRecords = 'refusals' | 'first' | 'all';

const RECORDS: readonly unknown[] = ['refusals', 'first', 'all'] satisfies LogRecords[];

export function isLogRecords(value: unknown): value is LogRecords {
  return RECORDS.includes(value);
}

/** Checks the option `records` of a log. */
export function toLogRecords(value: unknown = 'all'): LogRecords {
  if (isLogRecords(value)) return value;
  throw invalidArgValue('options.records', value, "must be one of 'refusals', 'first', 'all'");
}

/** The readers of a log take no longer lines. */
const MOST_TEXT = 65_536;

/** Checks the option `text` of a log, or its variable. */
export function toTextLimit(value: unknown = 0): number {
  if (typeof value !== 'number') throw invalidArgType('options.text', 'of type number', value);
  if (!(value >= 0 && value <= MOST_TEXT) || value % 1 !== 0)
    throw outOfRange('options.text', `an integer from 0 to ${MOST_TEXT}`, value);
  return value;
}

/** An open audit log. */
export interface AuditLog {
  /** How many verdicts were written. */
  readonly written: number;
  /** How many verdicts were lost because the file was full or could not be written. */
  readonly dropped: number;
  /** The last error. */
  readonly lastError: Error | undefined;
  /** Stops writing and closes the file. */
  close(): void;
}

/** How a log is written. This does not depend on where it is. */
export interface Writing {
  readonly records?: LogRecords | undefined;
  /** How many characters of the code's text a record may have. */
  readonly text?: number | undefined;
  /** The program of the process. */
  readonly program: string | undefined;
  /** Finds and opens the files that a record needs. Default node:fs. */
  readonly files?: LogFiles | undefined;
  /** Is told of each record that is lost. */
  readonly onLoss?: ((error: Error) => void) | undefined;
}

const CHANNEL = 'mayexec:check';

/** Passes every verdict of this thread to the writer until the log is closed. */
export function start(writer: Writer, writing: Writing): AuditLog {
  startDigests();
  writer.begin(writing);
  const listener = (message: unknown): void => {
    writer.take(message as AuditMessage);
  };
  subscribe(CHANNEL, listener);
  return {
    get written() {
      return writer.written;
    },
    get dropped() {
      return writer.dropped;
    },
    get lastError() {
      return writer.lastError;
    },
    close() {
      unsubscribe(CHANNEL, listener);
      writer.close();
    },
  };
}

/** A key must have less than 4,096 bytes, and a character has up to three. */
const MAX_KEY = 1000;

/**
 * Whether no thread of the process has logged this file, or other thing, with this verdict before.
 */
function isFirst({ path, dev, ino, sha256, ...line }: Identified): boolean {
  const name = path ?? line.child?.file ?? line.why ?? line.option ?? line.gate ?? '';
  const file = `${dev ?? ''} ${ino ?? ''} ${sha256 ?? ''}`;
  const what = `${line.operation} ${line.gate ?? ''} ${String(line.denied)} ${String(line.wouldDeny)}`;
  return addon().isFirstTime(`log ${file} ${what} ${name.slice(-MAX_KEY)}`) !== 0;
}

/** Turns verdicts into text and counts them. Subclasses send the text. */
export abstract class Writer {
  written = 0;
  dropped = 0;
  lastError: Error | undefined;
  /** Lost lines that the log does not mention yet. */
  #untold = 0;
  #records: LogRecords = 'all';
  #recorder: Recorder | undefined;
  #onLoss: ((error: Error) => void) | undefined;

  /** Called before each verdict. Throws when nothing can be written now. */
  protected abstract prepare(): void;
  /**
   * Sends one line, without its line break. `alarm` marks a refusal or a loss. Throws on failure.
   */
  protected abstract send(text: string, alarm: boolean): void;
  /** A second call does nothing. */
  abstract close(): void;

  /** Throws UnsupportedError for `first` without the addon, which remembers what was logged. */
  begin({ records = 'all', text = 0, program, files = FILES, onLoss }: Writing): void {
    if (records === 'first') addon();
    this.#records = records;
    this.#onLoss = onLoss;
    this.#recorder = new Recorder(files, program, text);
  }

  /** Never throws, because a subscriber that throws would end the process. */
  take(message: AuditMessage): void {
    const recorder = this.#recorder;
    if (recorder === undefined) return;
    if (this.#records === 'refusals' && !message.denied && !message.wouldDeny) return;
    try {
      const line = recorder.line(message);
      if (this.#records === 'first' && !isFirst(line)) return;
      this.prepare();
      if (this.#untold > 0) {
        this.send(json({ ...recorder.stamp(), dropped: this.#untold }), true);
        this.#untold = 0;
      }
      this.send(json(line), message.denied);
      this.written++;
    } catch (error) {
      this.lastError = error instanceof Error ? error : new Error(String(error));
      this.dropped++;
      this.#untold++;
      this.#onLoss?.(this.lastError);
    }
  }
}
