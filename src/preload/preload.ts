/*
 * What `mayexec/register` does. register.ts compiles it.
 */
import { UnsupportedError } from '../errors.js';
import { isInherited } from './enforcement.js';
import { enforce, readSettings } from './settings.js';
import { boot } from './boot.js';
import { installOnce } from './install-once.js';
import { moduleExports } from './load/node-module.js';
import { preloadPath } from './inherit/preload-option.js';
import { endWith } from './end-process.js';

/**
 * A program that lists require.cache finds only its own modules. Where child processes
 * inherit the preload, its entry stays: NODE_OPTIONS and an argument may both load it, and
 * the second load would be checked.
 */
function leaveModuleCache(): void {
  if (isInherited()) return;
  // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- there is no other way
  delete moduleExports._cache[preloadPath()];
}

/** Installs the first copy of this package that is loaded. */
export function preload(): void {
  if (!installOnce()) return;
  try {
    if (process.platform === 'linux') {
      boot();
      leaveModuleCache();
    } else {
      readSettings();
      if (enforce) {
        throw new UnsupportedError('platform', 'MAYEXEC_ENFORCE is set, and this is not Linux');
      }
    }
  } catch (error) {
    endWith(error as Error);
  }
}
