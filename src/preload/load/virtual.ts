import type { Origin } from '../../origin.js';
import { filesAreRestricted } from '../../policy.js';
import { StringPrototypeStartsWith } from '../lib/primordials.js';
import { publishUnchecked, refused } from '../refused.js';

/** node:vfs mounts everything at this path beneath a device, where no real file can be. */
const ROOT = '/dev/null/vfs/';

/**
 * Call this with a path before its file becomes code. The kernel cannot check a file of a virtual
 * file system. Publishes that, and throws ExecDeniedError where files are restricted.
 */
export function decideVirtual(path: string, operation: string, origin: Origin): void {
  if (!StringPrototypeStartsWith(path, ROOT)) return;
  const denied = filesAreRestricted();
  publishUnchecked(denied, () => ({ operation, origin, path }));
  if (!denied) return;
  throw refused(
    `'${path}' is in a virtual file system, whose files the kernel cannot check. Put the code into an executable file and load that`,
    path,
  );
}
