import { addon, type Addon } from '../../addon.js';
import { ObjectFreeze } from './primordials.js';
import { refuseStart } from '../refuse-start.js';

/**
 * Without the addon nobody knows what the system restricts, so the program does
 * not start. On other platforms there are no securebits, and nothing is installed.
 */
function load(): Addon {
  if (process.platform !== 'linux') return Object.create(null) as Addon;
  try {
    // The program can reach the same object through require.cache.
    return ObjectFreeze(addon());
  } catch (error) {
    return refuseStart(error as Error);
  }
}

export const native: Addon = load();
