import { ExecDeniedError } from '../errors.js';
import { isMainThread } from '../main-thread.js';
import { endWith } from './end-process.js';
import { ObjectGetOwnPropertyDescriptor } from './lib/primordials.js';

/** The value of an own property. No code of the program runs. */
function own(of: unknown, name: string): unknown {
  if (typeof of !== 'object' || of === null) return undefined;
  return ObjectGetOwnPropertyDescriptor(of, name)?.value;
}

/** A denial, or the copy of one that a Worker threw. Node makes the copy an Error of no class. */
function isDenial(error: Error): boolean {
  if (error instanceof ExecDeniedError) return true;
  const verdict = own(error, 'verdict');
  return own(verdict, 'allowed') === false && own(verdict, 'binding') === true;
}

/**
 * An uncaught denial ends the program as a refused start does: one line with the reason,
 * and status 126. Node would print the line of this file that threw it, and exit with 1. In
 * a Worker, the denial goes to the thread that started it.
 */
export function installUncaught(): void {
  if (!isMainThread) return;
  process.on('uncaughtExceptionMonitor', (error) => {
    if (!isDenial(error)) return;
    if (process.listenerCount('uncaughtException') > 0) return;
    if (process.hasUncaughtExceptionCaptureCallback()) return;
    endWith(error);
  });
}
