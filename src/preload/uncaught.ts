import { ExecDeniedError } from '../errors.js';
import { isMainThread } from '../main-thread.js';
import { endWith } from './end-process.js';

/**
 * An uncaught denial ends the program as a refused start does: one line with the reason,
 * and status 126. Node would print the line of this file that threw it, and exit with 1. In
 * a Worker, the denial goes to the thread that started it.
 */
export function installUncaught(): void {
  if (!isMainThread) return;
  process.on('uncaughtExceptionMonitor', (error) => {
    if (!(error instanceof ExecDeniedError)) return;
    if (process.listenerCount('uncaughtException') > 0) return;
    if (process.hasUncaughtExceptionCaptureCallback()) return;
    endWith(error);
  });
}
