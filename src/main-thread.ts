interface Disabled {
  disabled?: true;
}

/**
 * Whether this is no Worker. In a Worker Node disables process.chdir. To load node:worker_threads
 * would tell it too, and would wrap process.chdir in the main thread.
 */
export const isMainThread = (process.chdir as Disabled).disabled !== true;
