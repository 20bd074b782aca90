/*
 * mayexec/modules: for tools that load their users' JavaScript. The hooks are the preload's.
 * They are loaded by the first call, since loading them needs the addon.
 */
import { toBoolean, toOptions, type Names } from '../arguments.js';
import { toldBy } from '../enforce-policy.js';
import { UnsupportedError } from '../errors.js';
import { asksKernel, codeFiles } from '../portable.js';
import type * as LateBoot from './late-boot.js';

/** What the caller adds to the system's policy. */
export interface CheckModulesOptions {
  /**
   * Behave as if both securebits were set: for what this thread loads from now on, and for
   * the Workers that it starts.
   */
  enforce?: boolean;
}

const names: Names<CheckModulesOptions> = { enforce: true };

/**
 * From here on the kernel is asked about every file of code that Node loads on this thread,
 * and the policy binds: `require`, `import`, TypeScript, WebAssembly, addons and their
 * libraries. While something is enforced, Workers that are started are checked from their
 * first file on. Denials are ExecDeniedErrors. What was loaded before stays. A second call
 * adds nothing but `enforce`, and so does a call where the preload is in place.
 *
 * Call it before anything registers module hooks or turns on the compile cache, and before
 * a file of a user is loaded. It is for tools that mean well: a program that has begun may
 * have changed what the checks rest on. Against hostile code use the preload
 * (mayexec/register). Code that a tool reads and compiles itself is not seen: read it with
 * readMayExec.
 *
 * Obeys enforcePolicy(). Throws UnsupportedError on Linux without the addon, and, where
 * something is enforced, on a Node without module.registerHooks (before 22.15), on Bun and
 * on Deno; ExecDeniedError where a compile cache is on that nobody checked. On macOS and
 * Windows there is nothing to check: there only `enforce: true` and enforcePolicy() throw
 * UnsupportedError.
 */
export function checkModules(options?: CheckModulesOptions): void {
  const { enforce } = toOptions(options, names);
  const enforced = toBoolean('options.enforce', enforce);
  const files = codeFiles();
  if (asksKernel(files)) {
    // The bundle evaluates it here. An import would be evaluated before.
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
