import { auditLog, startAuditTrail } from './audit-target.js';
import { embedded } from '../executable/embedded.js';
import { installBindings } from './guard/bindings.js';
import { builtinAsked, installBuiltins, whenAsked } from './lib/builtins.js';
import { installChildren, installExecve } from './inherit/children.js';
import { installDlopen } from './guard/dlopen.js';
import { anythingIsEnforced, noticeEnforcement, strict, whenEnforced } from './enforcement.js';
import { installInspector } from './guard/inspector.js';
import { installLoadHooks } from './load/hooks.js';
import { moduleExports } from './load/node-module.js';
import { installOldLoaders } from './node-20/loaders.js';
import { refused } from './refused.js';
import { installSharedObjects } from './guard/shared-objects.js';
import { checkStart, runsOwnProgram, startsOthersOnly } from './start.js';
import { closeGates } from './guard/strict.js';
import { installUncheckedLoading } from './load/unchecked-loading.js';
import { installWorkers } from './inherit/workers.js';

const WORKERS = ['node:worker_threads', 'node:test'] as const;

/** Set once it is in place: a second copy of this package has nothing to add. */
const installed = Symbol.for('mayexec.register');

/** True for the first copy of this package that asks, which is the one to install. */
export function installOnce(): boolean {
  if (Object.hasOwn(process, installed)) return false;
  Object.defineProperty(process, installed, { value: true });
  return true;
}

/**
 * Puts the checks in the way of what Node loads. Returns whether that could be
 * done; throws ExecDeniedError where it is demanded and cannot.
 */
function installLoader(): boolean {
  const { registerHooks } = moduleExports;
  if (registerHooks !== undefined) {
    installLoadHooks(registerHooks);
    return true;
  }
  // What starts others only has no inspector either, by which its loaders would be found.
  if (installOldLoaders() || startsOthersOnly()) return true;
  if (!strict && !anythingIsEnforced()) return false;
  const why = runsOwnProgram()
    ? 'what the process behind --test loads cannot be checked. Leave out preloads and reporters other than its own'
    : 'what it loads cannot be checked. Use Node 22.15 or newer, or the last Node 20';
  throw refused(`Node ${process.version} has no module.registerHooks, so ${why}`);
}

/** Puts the preload into what this process starts. */
function inherit(): void {
  installExecve();
  // By name, or in the course of something else.
  if (embedded === undefined) whenAsked(WORKERS, installWorkers);
  whenAsked(['node:child_process', 'node:cluster', 'node:test'], installChildren);
  if (runsOwnProgram()) builtinAsked('node:child_process');
  moduleExports.syncBuiltinESMExports();
}

/** Decides whether this process or Worker may start, and puts everything in place. Throws what checkStart throws. */
export function boot(): void {
  startAuditTrail();
  checkStart();
  if (!installLoader()) return;
  installBuiltins();
  installDlopen();
  installSharedObjects();
  whenEnforced(() => {
    installUncheckedLoading();
    installBindings();
    installInspector();
    moduleExports.syncBuiltinESMExports();
  });
  if (auditLog === undefined) whenEnforced(inherit);
  else inherit();
  // A Worker of the executable has the preload only from here.
  if (embedded !== undefined) whenAsked(WORKERS, installWorkers);
  if (anythingIsEnforced()) noticeEnforcement();
  // Last, for it leaves nothing that could be wrapped.
  if (strict) closeGates();
  moduleExports.syncBuiltinESMExports();
}
