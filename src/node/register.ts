/**
 * The preload: Node obeys the exec securebits. Load it before everything else,
 * with `--require mayexec/register` in NODE_OPTIONS or on the command line, or
 * with `--import`.
 *
 * From then on what Node is about to run is opened once, checked by the kernel
 * on that fd, and read from it; code without a file is asked about too. What the
 * securebits of the process do not restrict goes on as in plain Node, and each
 * answer is published on the `mayexec:check` channel. See docs/node.md.
 */
import { UnsupportedError } from '../errors.js';
import { builtinAsked, installBuiltins, whenAsked } from './builtins.js';
import { installChildren, installExecve } from './children.js';
import { installDlopen } from './dlopen.js';
import {
  anythingIsEnforced,
  enforce,
  noticeEnforcement,
  strict,
  whenEnforced,
} from './enforcement.js';
import { installInspector } from './inspector.js';
import { installLoadHooks } from './load-hooks.js';
import { moduleExports } from './module-hooks.js';
import { preloadPath } from './preload-option.js';
import { refuseStart } from './refuse-start.js';
import { installSharedObjects } from './shared-objects.js';
import { checkStart, runsOwnProgram } from './start.js';
import { closeDoors } from './strict.js';
import { installUncheckedLoading } from './unchecked-loading.js';
import { installWorkers } from './workers.js';

/** Set once it is in place: a second copy of this package has nothing to add. */
const installed = Symbol.for('mayexec.register');

function install(): void {
  checkStart();
  const { registerHooks } = moduleExports;
  // Node 20, where checkStart has made sure that nothing is enforced.
  if (registerHooks === undefined) return;
  installBuiltins();
  installDlopen();
  installSharedObjects();
  installLoadHooks(registerHooks);
  whenEnforced(() => {
    installUncheckedLoading();
    installExecve();
    installInspector();
    // By name, or in the course of something else.
    whenAsked(['node:worker_threads', 'node:test'], installWorkers);
    whenAsked(['node:child_process', 'node:cluster', 'node:test'], installChildren);
    if (runsOwnProgram()) builtinAsked('node:child_process');
    moduleExports.syncBuiltinESMExports();
  });
  if (anythingIsEnforced()) noticeEnforcement();
  // Last, for it leaves nothing that could be wrapped.
  if (strict) closeDoors();
  moduleExports.syncBuiltinESMExports();
}

/**
 * A program that looks through require.cache finds its own modules there. Where
 * something is enforced the preload stays: it may be asked for twice, by
 * NODE_OPTIONS and by an argument, and would be checked then.
 */
function leaveModuleCache(): void {
  if (anythingIsEnforced()) return;
  // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- there is no other way
  delete moduleExports._cache[preloadPath()];
}

if (!Object.hasOwn(process, installed)) {
  Object.defineProperty(process, installed, { value: true });
  try {
    if (process.platform === 'linux') {
      install();
      leaveModuleCache();
    } else if (enforce) {
      throw new UnsupportedError('platform', 'MAYEXEC_ENFORCE is set, and this is not Linux');
    }
  } catch (error) {
    refuseStart(error as Error);
  }
}
