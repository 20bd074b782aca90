import { addon } from '../addon.js';
import { syscallError } from '../errors.js';
import { refused } from '../preload/refused.js';
import { launcherPath } from './launcher.js';
import { actedBefore } from './own-start.js';

/**
 * Becomes mayexec-run with these arguments. Returns never, or throws: an
 * ExecDeniedError when somebody else's code may have run in this process
 * already, UnsupportedError without the launcher or the addon, and a
 * SyscallError when the launcher cannot be executed. execve(2).
 */
export function becomeLauncher(args: readonly string[]): never {
  const launcher = launcherPath();
  const before = actedBefore();
  if (before !== undefined) {
    throw refused(
      `${before} acts on the Node that runs \`mayexec run\` itself, before anything can be checked. Leave it out, or start the program by '${launcher}', which is no Node program`,
    );
  }
  const environment = Object.entries(process.env).map(([name, value]) => `${name}=${value ?? ''}`);
  const errno = addon().execute(launcher, [launcher, ...args], environment);
  throw syscallError(errno, 'execve', { path: launcher });
}
