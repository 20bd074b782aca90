import type { CodeFiles } from './addon.js';
import { codeFiles } from './portable.js';

/**
 * From here on every call of this process behaves as with `enforce: true`. It is for an interpreter
 * that always obeys. It covers all threads, also Workers that run already, and cannot be undone.
 * Child processes do not inherit it. Modules that Node loads obey it after checkModules() of
 * mayexec/modules. The preload keeps a policy of its own.
 *
 * Throws UnsupportedError on Linux when the addon cannot be loaded. On other platforms it covers
 * the calling thread only, and each later call there throws UnsupportedError.
 */
export function enforcePolicy(): void {
  codeFiles().enforce();
}

/** What strengthens the policy of a call, in words for messages. */
export function toldBy(files: CodeFiles, enforce: boolean): string | undefined {
  if (enforce) return 'enforce is true';
  return isProcessEnforced(files) ? 'enforcePolicy() was called' : undefined;
}

/** Whether enforcePolicy() of this copy of the package was called, on any thread. */
export function isProcessEnforced(files: CodeFiles): boolean {
  return files.isEnforced() === 1;
}
