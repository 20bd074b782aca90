import { dirname, join } from 'node:path';

import { UnsupportedError } from '../errors.js';
import { isProcessEnforced } from '../enforce-policy.js';
import { anythingIsEnforced, filesAreRestricted } from '../policy.js';
import { sayNoLog, startAuditTrail } from './audit-target.js';
import { begin } from './begin.js';
import { installBindings } from './guard/bindings.js';
import { guardClones } from './guard/clones.js';
import { installDlopen } from './guard/dlopen.js';
import { guardV8Flags } from './guard/v8-flags.js';
import { installSharedObjects } from './guard/shared-objects.js';
import { noticeEnforcement, whenEnforced } from './enforcement.js';
import { auditLog, strict } from './settings.js';
import { ownEnvironment } from './inherit/child-environment.js';
import { setPreloadOfWorkers, withoutPreload } from './inherit/preload-option.js';
import { installWorkers } from './inherit/workers.js';
import { installOnce, strengthen, strengthenInstalled } from './install-once.js';
import { installBuiltins, loadedBuiltinsAsked, syncExports, whenAsked } from './lib/builtins.js';
import { watchLoadList } from './lib/load-list.js';
import { native } from './lib/native.js';
import { takesOneKindOfHooks } from './lib/loader-thread.js';
import { installLoadHooks } from './load/hooks.js';
import { guardHookLists } from './load/loader-arrays.js';
import { moduleExports } from './load/node-module.js';
import { noteHooksFromBefore } from './load/patched-fs.js';
import { noteStarted } from './load/read-module.js';
import { installSnapshots } from './load/snapshots.js';
import {
  guardRegister,
  installUncheckedLoading,
  refuseCompileCache,
} from './load/unchecked-loading.js';
import { refused } from './refused.js';

/** They load modules in their own way, even where they have module.registerHooks. */
const OTHERS = ['bun', 'deno'];

/**
 * For a runtime without usable hooks. Throws UnsupportedError under a restriction. Otherwise an
 * audit log, if there is one, records it.
 */
function doWithoutHooks(): void {
  const why = `checkModules() needs module.registerHooks of Node 22.15, 24 or 26, each or newer, and this is ${process.version}. Modules cannot be checked here`;
  if (anythingIsEnforced()) throw new UnsupportedError('platform', why);
  if (auditLog !== undefined) sayNoLog(why);
}

/** A Worker's first file calls checkModules(). Child processes do not. */
function prepareWorkers(): void {
  setPreloadOfWorkers(join(dirname(import.meta.filename), 'worker.cjs'));
  const options = ownEnvironment['NODE_OPTIONS'];
  if (options === undefined) return;
  const others = withoutPreload(options);
  if (others === '') delete ownEnvironment['NODE_OPTIONS'];
  else ownEnvironment['NODE_OPTIONS'] = others;
}

/**
 * Installs the checks for modules that a running program loads from now on. They do not cover the
 * start, its options, a REPL or child processes. A denial is an ordinary error.
 */
export function bootLate(enforce: boolean): void {
  begin();
  strengthen(enforce);
  if (strict) {
    throw refused(
      'MAYEXEC_STRICT closes gates before a program begins, and this one has begun. Use mayexec run --strict',
    );
  }
  const { registerHooks } = moduleExports;
  if (registerHooks === undefined || OTHERS.some((other) => other in process.versions)) {
    doWithoutHooks();
    return;
  }
  if (filesAreRestricted()) refuseCompileCache();
  if (!installOnce()) {
    // Another copy of this package has an addon of its own.
    strengthenInstalled(enforce || isProcessEnforced(native));
    return;
  }
  startAuditTrail();
  noteStarted();
  noteHooksFromBefore();
  const install = (): void => {
    installLoadHooks(registerHooks);
  };
  if (takesOneKindOfHooks()) whenEnforced(install);
  else install();
  installBuiltins();
  whenEnforced(guardClones);
  whenEnforced(guardHookLists);
  whenEnforced(guardRegister);
  whenEnforced(guardV8Flags);
  installDlopen();
  installSharedObjects();
  installSnapshots();
  installUncheckedLoading();
  whenEnforced(installBindings);
  prepareWorkers();
  whenAsked(['node:worker_threads', 'node:test'], installWorkers);
  loadedBuiltinsAsked();
  whenEnforced(watchLoadList);
  if (anythingIsEnforced()) noticeEnforcement();
  syncExports();
}
