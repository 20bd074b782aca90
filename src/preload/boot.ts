import { sayNoLog, startAuditTrail } from './audit-target.js';
import { begin } from './begin.js';
import { embedded } from '../executable/embedded.js';
import { installBindings } from './guard/bindings.js';
import {
  builtinAsked,
  expectNoImport,
  installBuiltins,
  syncExports,
  whenAsked,
} from './lib/builtins.js';
import { installChildren } from './inherit/children.js';
import { installExecve } from './inherit/execve.js';
import { guardClones } from './guard/clones.js';
import { installDlopen } from './guard/dlopen.js';
import { isInherited, noticeEnforcement, whenEnforced } from './enforcement.js';
import { isAudited, strict, watchesGates } from './settings.js';
import { anythingIsEnforced } from '../policy.js';
import { installInspector } from './guard/inspector.js';
import { guardV8Flags } from './guard/v8-flags.js';
import { installRepl } from './guard/repl.js';
import { installLoadHooks } from './load/hooks.js';
import { installImageCompile } from './load/image-compile.js';
import { installImageModules } from './load/image-module.js';
import { hasImage, openImage } from './load/image.js';
import { hasApprovedBytecode, openBytecode } from './load/approved-bytecode.js';
import { watchLoadList } from './lib/load-list.js';
import { guardHookLists } from './load/loader-arrays.js';
import { takesOneKindOfHooks } from './lib/loader-thread.js';
import { watchThreads } from './lib/threads.js';
import { moduleExports, type Hooks } from './load/node-module.js';
import {
  addonsAreClosed,
  closeAddons,
  mayStart,
  silenceWarning,
  withoutAddonCondition,
} from './guard/permission.js';
import { refuseUnchecked } from './refused.js';
import { installSharedObjects } from './guard/shared-objects.js';
import { checkStart, runsOwnProgram, seesEveryImport, startsRepl } from './start.js';
import { installGates } from './guard/strict.js';
import { installSnapshots } from './load/snapshots.js';
import { installUncaught } from './uncaught.js';
import { guardRegister, installUncheckedLoading } from './load/unchecked-loading.js';
import { installWorkers } from './inherit/workers.js';

const WORKERS = ['node:worker_threads', 'node:test'] as const;

/**
 * For a Node without module.registerHooks. Throws ExecDeniedError under a restriction. Otherwise
 * the program runs as without the preload, and an audit log, if there is one, records why.
 */
function doWithoutHooks(): void {
  const why = `Node ${process.version} has no module.registerHooks, so the code that it loads cannot be checked. Use Node 22.15, 24 or 26, each or newer`;
  if (strict || anythingIsEnforced()) {
    startAuditTrail();
    refuseUnchecked('start', 'start', why);
  }
  if (isAudited) sayNoLog(why);
}

/**
 * Checks the ways in which a person can enter code while the program runs. A log records them even
 * without a restriction.
 */
function watchInteractive(): void {
  installBindings();
  installInspector();
  installRepl();
  // Node creates its own REPL before the program can ask for the module.
  if (startsRepl()) builtinAsked('node:repl');
}

/** Closes the ways to Node's internal modules. */
function guardInside(): void {
  guardClones();
  guardHookLists();
  guardRegister();
  guardV8Flags();
}

/** Puts the preload into Workers and child processes. */
function inherit(): void {
  // The program asks for this module by name, or Node loads it for another module.
  if (embedded === undefined && mayStart('worker')) whenAsked(WORKERS, installWorkers);
  if (!mayStart('child')) return;
  installExecve();
  whenAsked(['node:child_process', 'node:cluster', 'node:test'], installChildren);
  if (runsOwnProgram()) builtinAsked('node:child_process');
}

/**
 * Decides whether this process or Worker may start, and puts everything in place. Throws the errors
 * of checkStart.
 */
export function boot(): void {
  begin();
  const { registerHooks } = moduleExports;
  if (registerHooks === undefined) {
    doWithoutHooks();
    return;
  }
  watchThreads();
  closeAddons();
  startAuditTrail();
  checkStart();
  openImage();
  openBytecode();
  const install = (): void => {
    installLoadHooks(registerHooks);
    if (seesEveryImport()) expectNoImport();
    if (addonsAreClosed()) {
      registerHooks({ __proto__: null, resolve: withoutAddonCondition, load: undefined } as Hooks);
    }
  };
  if (takesOneKindOfHooks()) whenEnforced(install);
  else install();
  if (hasImage() || hasApprovedBytecode()) {
    installImageCompile();
    whenEnforced(installImageModules);
  }
  installBuiltins();
  if (strict || isAudited) guardInside();
  else whenEnforced(guardInside);
  installDlopen();
  installSharedObjects();
  installSnapshots();
  whenEnforced(installUncaught);
  installUncheckedLoading();
  if (isAudited) watchInteractive();
  else whenEnforced(watchInteractive);
  if (isInherited()) inherit();
  else whenEnforced(inherit);
  // A Worker of the executable gets the preload only at this point.
  if (embedded !== undefined) whenAsked(WORKERS, installWorkers);
  // After every step that guards a builtin.
  if (isInherited()) watchLoadList();
  else whenEnforced(watchLoadList);
  if (anythingIsEnforced()) noticeEnforcement();
  else whenEnforced(syncExports);
  // Last, because the gates replace functions that the steps above wrap.
  if (strict || watchesGates) installGates();
  silenceWarning();
  syncExports();
}
