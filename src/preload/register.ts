/**
 * The preload: Node obeys the exec securebits. Load it before everything else,
 * by its absolute path, with `--require` in NODE_OPTIONS or on the command line, or
 * with `--import`.
 *
 * From then on what Node is about to run is opened once, checked by the kernel
 * on that fd, and read from it; code without a file is asked about too. What the
 * securebits of the process do not restrict goes on as in plain Node, and each
 * answer is published on the `mayexec:check` channel. See docs/node.md.
 */
import { UnsupportedError } from '../errors.js';
import { isInherited } from './enforcement.js';
import { enforce } from './environment.js';
import { boot, installOnce } from './boot.js';
import { moduleExports } from './load/node-module.js';
import { preloadPath } from './inherit/preload-option.js';
import { refuseStart } from './refuse-start.js';

/**
 * A program that looks through require.cache finds its own modules there. Where
 * it is handed on the preload stays: it may be asked for twice, by
 * NODE_OPTIONS and by an argument, and would be checked then.
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
    } else if (enforce) {
      throw new UnsupportedError('platform', 'MAYEXEC_ENFORCE is set, and this is not Linux');
    }
  } catch (error) {
    refuseStart(error as Error);
  }
}
