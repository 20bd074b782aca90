import { ExecDeniedError } from '../errors.js';
import { isMainThread } from './lib/main-thread.js';
import { refuseStart } from './refuse-start.js';

/**
 * A denial that nobody catches ends the program as one at its start does: with one
 * line that says why, and status 126. Node would show the line of this file that
 * threw it, and say 1. A Worker's goes to whoever started it.
 */
export function installUncaught(): void {
  if (!isMainThread) return;
  process.on('uncaughtExceptionMonitor', (error) => {
    if (!(error instanceof ExecDeniedError)) return;
    if (process.listenerCount('uncaughtException') > 0) return;
    if (process.hasUncaughtExceptionCaptureCallback()) return;
    refuseStart(error);
  });
}
