/*
 * mayexec/modules: for tools that load their users' JavaScript. The hooks are the preload's.
 * They are loaded by the first call, since loading them needs the addon.
 */
import { toBoolean, toOptions, type Names } from '../arguments.js';
import { toldBy } from '../enforce-policy.js';
import { UnsupportedError } from '../errors.js';
import { asksKernel, codeFiles } from '../portable.js';
import type * as LateBoot from './late-boot.js';

/** Options of checkModules(). */
export interface CheckModulesOptions {
  /**
   * Behave as if both securebits were set, for all modules that this thread loads from now on and
   * for the Workers that it starts.
   */
  enforce?: boolean | undefined;
}

const names: Names<CheckModulesOptions> = { enforce: true };

/**
 * From here on the kernel checks every file of code that Node loads on this thread, and the policy
 * binds: `require`, `import`, TypeScript, WebAssembly, addons and their libraries. Workers that
 * start under a restriction are checked from their first file on. A denial is an ExecDeniedError.
 * Modules that were loaded before stay loaded. A second call, or a call under the preload, can only
 * add `enforce`.
 *
 * Call it before any module hook is registered, before the compile cache is turned on, and before a
 * user's file is loaded. It is for honest tools, because a running program may already have changed
 * functions that the checks use. Against hostile code use the preload (mayexec/register). It does
 * not cover code that a tool reads and compiles itself: read that with readMayExec.
 *
 * Obeys enforcePolicy(). Throws UnsupportedError on Linux when the addon cannot be loaded. Under a
 * restriction it also throws UnsupportedError on a Node without module.registerHooks (before
 * 22.15), on Bun and on Deno, and ExecDeniedError when a compile cache is already on. macOS and
 * Windows have no such policy: there it throws UnsupportedError only after `enforce: true` or
 * enforcePolicy().
 */
export function checkModules(options?: CheckModulesOptions): void {
  const { enforce } = toOptions(options, names);
  const enforced = toBoolean('options.enforce', enforce);
  const files = codeFiles();
  if (asksKernel(files)) {
    // The first call of the API loads this file (bundle.mjs). It must be there before the checks.
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- a file of the build
    require('./api.cjs');
    // The bundle evaluates a require() here. It would evaluate an import earlier.
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- the same
    const { bootLate } = require('./late-boot.js') as typeof LateBoot;
    bootLate(enforced);
    return;
  }
  const told = toldBy(files, enforced);
  if (told === undefined) return;
  throw new UnsupportedError(
    'platform',
    `${told}, and this is ${process.platform}: only Linux has a policy about scripts`,
  );
}
