import type { CodeFiles } from './addon.js';
import { codeFiles } from './portable.js';

/**
 * From here on every call of this process behaves as with `enforce: true`: for an
 * interpreter that always obeys. It reaches all threads, Workers that run already too,
 * and cannot be taken back. Programs that are started do not inherit it. What Node loads
 * obeys it after checkModules() of mayexec/modules; the preload alone keeps its own policy.
 *
 * Throws UnsupportedError on Linux without the addon. On other platforms it holds for
 * the calling thread, where each later call throws UnsupportedError.
 */
export function enforcePolicy(): void {
  codeFiles().enforce();
}

/** Who strengthens the policy of a call, in words for messages. */
export function toldBy(files: CodeFiles, enforce: boolean): string | undefined {
  if (enforce) return 'enforce is true';
  return isProcessEnforced(files) ? 'enforcePolicy() was called' : undefined;
}

/** Whether enforcePolicy() of this copy of the package was called, on any thread. */
export function isProcessEnforced(files: CodeFiles): boolean {
  return files.isEnforced() === 1;
}
