import { addon, type Addon } from '../../addon.js';
import { ObjectFreeze } from './primordials.js';
import { preloadOptions } from '../inherit/preload-option.js';
import { endWith } from '../end-process.js';

const DISABLED = 'ERR_DLOPEN_DISABLED';

/** Adds advice to the error: how to give the preload alone its right under --permission. */
function withAdvice(error: Error): Error {
  const isDisabled = (error.cause as NodeJS.ErrnoException | undefined)?.code === DISABLED;
  if (isDisabled && (process as { permission?: unknown }).permission !== undefined) {
    error.message += `, or start the program by mayexec run, or with NODE_OPTIONS="${preloadOptions()}", which give that right to the preload alone`;
  }
  return error;
}

export let native: Addon;

/** Without the addon the system's restrictions are unknown, so the program does not start. */
export function loadNative(): void {
  try {
    // The program can reach this same object through require.cache.
    native = ObjectFreeze(addon());
  } catch (error) {
    endWith(withAdvice(error as Error));
  }
}
