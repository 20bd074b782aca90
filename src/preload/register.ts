/**
 * The preload: Node obeys the exec securebits. Load it before everything else, by its
 * absolute path, with `--require` in NODE_OPTIONS or on the command line, or with
 * `--import`.
 *
 * From then on Node opens each file of code once, the kernel checks that fd, and Node reads from
 * it. Code without a file is checked too. Without securebits everything works as in plain Node.
 * Each verdict is published on the `mayexec:check` channel. See docs/node.md.
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

if (installOnce()) {
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
