import { publish } from '../../audit.js';
import { filesAreRestricted } from '../../policy.js';
import { StringPrototypeStartsWith } from '../lib/primordials.js';
import { refused } from '../refused.js';

/** Where node:vfs mounts everything, beneath a device: no file of the system can be there. */
const ROOT = '/dev/null/vfs/';

/**
 * To be called with the path of what is about to become code. What a virtual file system
 * holds is no file, so the kernel cannot be asked about it. Publishes that, and throws
 * ExecDeniedError where files are restricted.
 */
export function judgeVirtual(path: string, operation: string): void {
  if (!StringPrototypeStartsWith(path, ROOT)) return;
  const denied = filesAreRestricted();
  publish(() => ({
    operation,
    path,
    verdict: { allowed: false, binding: denied, mechanism: 'none', errno: 'EACCES' },
    denied,
  }));
  if (!denied) return;
  throw refused(
    `'${path}' is in a virtual file system, and what is in no file cannot be checked. Put the code into an executable file and load that`,
    path,
  );
}
