import { baked } from './baked.js';
import { builtinAsked, installBuiltins, whenAsked } from './builtins.js';
import { installChildren, installExecve } from './children.js';
import { installDlopen } from './dlopen.js';
import { anythingIsEnforced, noticeEnforcement, strict, whenEnforced } from './enforcement.js';
import { installInspector } from './inspector.js';
import { installLoadHooks } from './load-hooks.js';
import { moduleExports } from './module-hooks.js';
import { installSharedObjects } from './shared-objects.js';
import { checkStart, runsOwnProgram } from './start.js';
import { closeDoors } from './strict.js';
import { installUncheckedLoading } from './unchecked-loading.js';
import { installWorkers } from './workers.js';

const WORKERS = ['node:worker_threads', 'node:test'] as const;

/** Set once it is in place: a second copy of this package has nothing to add. */
const installed = Symbol.for('mayexec.register');

/** True for the first copy of this package that asks, which is the one to install. */
export function installOnce(): boolean {
  if (Object.hasOwn(process, installed)) return false;
  Object.defineProperty(process, installed, { value: true });
  return true;
}

/** Decides whether this process or Worker may start, and puts everything in place. Throws what checkStart throws. */
export function install(): void {
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
    if (baked === undefined) whenAsked(WORKERS, installWorkers);
    whenAsked(['node:child_process', 'node:cluster', 'node:test'], installChildren);
    if (runsOwnProgram()) builtinAsked('node:child_process');
    moduleExports.syncBuiltinESMExports();
  });
  // A Worker of the executable has the preload only from here.
  if (baked !== undefined) whenAsked(WORKERS, installWorkers);
  if (anythingIsEnforced()) noticeEnforcement();
  // Last, for it leaves nothing that could be wrapped.
  if (strict) closeDoors();
  moduleExports.syncBuiltinESMExports();
}
