interface Disabled {
  disabled?: true;
}

/** Without loading node:worker_threads: a Worker may not change the directory of all. */
export const isMainThread = (process.chdir as Disabled).disabled !== true;
