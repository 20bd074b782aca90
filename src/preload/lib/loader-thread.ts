import { builtin } from './builtins.js';
import { isBefore } from './node-version.js';
import { isMainThread } from '../../main-thread.js';

interface WorkerThreads {
  /** Since Node 22.14 and 23.7. */
  readonly isInternalThread?: boolean;
}

/** Whether this is the thread that Node starts for the hooks of module.register(). */
export const isLoaderThread = (): boolean =>
  !isMainThread && builtin<WorkerThreads>('node:worker_threads').isInternalThread === true;

/**
 * Before Node 24.12 the thread of module.register's hooks throws `loadSync is not a function`
 * once registerHooks has added a hook too.
 */
export const takesOneKindOfHooks = (): boolean => isLoaderThread() && isBefore(24, 12);
