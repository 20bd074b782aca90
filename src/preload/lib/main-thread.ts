import { builtin } from './builtins.js';

interface Disabled {
  disabled?: true;
}

/** Known without loading node:worker_threads: in a Worker process.chdir is disabled. */
export const isMainThread = (process.chdir as Disabled).disabled !== true;

interface WorkerThreads {
  /** Since Node 22.14 and 23.7. */
  readonly isInternalThread?: boolean;
}

/** Whether this is the thread that Node starts for the hooks of module.register(). */
export const isLoaderThread =
  !isMainThread && builtin<WorkerThreads>('node:worker_threads').isInternalThread === true;
