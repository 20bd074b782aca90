import { addon, type Addon } from '../../addon.js';
import { ObjectFreeze } from './primordials.js';
import { refuseStart } from '../refuse-start.js';

/**
 * Without the addon the system's restrictions are unknown, so the program does not start.
 * Other platforms have no securebits, and nothing is installed there.
 */
function load(): Addon {
  if (process.platform !== 'linux') return Object.create(null) as Addon;
  try {
    // The program can reach this same object through require.cache.
    return ObjectFreeze(addon());
  } catch (error) {
    return refuseStart(error as Error);
  }
}

export const native: Addon = load();
