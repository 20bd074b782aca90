import { channel } from 'node:diagnostics_channel';

import type { Origin } from './origin.js';
import type { Verdict } from './verdict.js';

/** What a subscriber of the `mayexec:check` channel is given, once a verdict. */
export interface AuditMessage {
  /** The function of this package that asked. */
  readonly operation: string;
  /** The way by which the code comes in: see src/origin.ts. */
  readonly origin: Origin;
  /** What the answer was. */
  readonly verdict: Verdict;
  /** What makes code of something else, when that is what it is about: see `mayexec run --strict`. */
  readonly gate?: string;
  /** The option of Node that it is about, if any. */
  readonly option?: string;
  /** Whether the code was refused: the verdict is negative, and it binds. */
  readonly denied: boolean;
  /** Whether it would be refused under both securebits; under `--strict`, too, where that is audited. */
  readonly wouldDeny: boolean;
  /** Why, where no file is what it is about. */
  readonly why?: string;
  /** As it was given to the function; for a bare fd there is none. */
  readonly path?: string;
  /** The module that asked for the file, then the one that asked for that, up to the entry point. */
  readonly importers?: readonly string[];
  /** SHA-256 of the bytes that were checked, in hexadecimal; only while a log is written. */
  readonly sha256?: string;
  /** Open during the call, for fstat; not for keeping. */
  readonly fd?: number;
}

const checks = channel('mayexec:check');

/** Calls `message` only when somebody listens. */
export function publish(message: () => AuditMessage): void {
  if (checks.hasSubscribers) checks.publish(message());
}
