import { channel } from 'node:diagnostics_channel';

import type { Origin } from './origin.js';
import type { Verdict } from './verdict.js';

/** A program that this one starts, or becomes by process.execve. */
export interface Child {
  /** As the system call gets it: an absolute path, or a name that is looked up in the PATH. */
  readonly file: string;
  /** The program's own name, then its arguments. */
  readonly argv: readonly string[];
  /** Its current directory, when the program chose one. */
  readonly cwd?: string;
  /** Whether its environment has the preload. Only a Node, or what starts one, obeys it. */
  readonly preload: boolean;
}

/** The message on the `mayexec:check` channel, one for each verdict. */
export interface AuditMessage {
  /** The function of this package that made the check. */
  readonly operation: string;
  /** How the code came in. The values are in src/origin.ts. */
  readonly origin: Origin;
  /** What the answer was. */
  readonly verdict: Verdict;
  /**
   * The gate that turns something else into code, when the verdict is about a gate: see `mayexec
   * run --strict`.
   */
  readonly gate?: string;
  /** The option of Node that the verdict is about, if any. */
  readonly option?: string;
  /** Whether the code was refused: the verdict is negative, and it binds. */
  readonly denied: boolean;
  /**
   * Whether it would be refused under both securebits (and under `--strict` when that is audited).
   */
  readonly wouldDeny: boolean;
  /** The reason, when the verdict is about no file. */
  readonly why?: string;
  /** The path as the caller gave it. Absent for a bare fd. */
  readonly path?: string;
  /**
   * The module that imported the file, then the importer of that module, and so on up to the entry
   * point.
   */
  readonly importers?: readonly string[];
  /**
   * SHA-256 of the bytes that were checked, or of `text` as UTF-8, in hexadecimal. Present only
   * while a log is written.
   */
  readonly sha256?: string;
  /** The code itself, whole, when it comes from no file and is known. */
  readonly text?: string;
  /** The program that is about to be started, when the record is about a child process. */
  readonly child?: Child;
  /** Open during the call only, for example for fstat. */
  readonly fd?: number;
}

const checks = channel('mayexec:check');

/** Whether the channel has subscribers. */
export function isHeard(): boolean {
  return checks.hasSubscribers;
}

/** Calls `message` only when the channel has subscribers. */
export function publish(message: () => AuditMessage): void {
  if (checks.hasSubscribers) checks.publish(message());
}
