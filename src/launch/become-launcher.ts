import { addon } from '../addon.js';
import { syscallError } from '../errors.js';
import { refused } from '../preload/refused.js';
import { launcherPath } from './launcher.js';
import { LAUNCHER_OPTIONS } from './options.js';
import { actedBefore } from './own-start.js';

/** Whether the launcher will refuse nothing. Its options end at the first word that is none. */
function audits(args: readonly string[]): boolean {
  for (let i = 0; i < args.length; i++) {
    const word = args[i] as string;
    if (word === '--audit' || word === '--warn') return true;
    if (word === '--' || !word.startsWith('-')) return false;
    const takesValue = LAUNCHER_OPTIONS.some(({ flags }) => flags.startsWith(`${word} <`));
    if (takesValue) i++;
  }
  return false;
}

/**
 * Becomes mayexec-run with these arguments. Returns never, or throws: an
 * ExecDeniedError when somebody else's code may have run in this process
 * already, UnsupportedError without the launcher or the addon, and a
 * SyscallError when the launcher cannot be executed. execve(2).
 */
export function becomeLauncher(args: readonly string[]): never {
  const launcher = launcherPath();
  const before = audits(args) ? undefined : actedBefore();
  if (before !== undefined) {
    throw refused(
      `${before} acts on the Node that runs \`mayexec run\` itself, before anything can be checked. Leave it out, or start the program by '${launcher}', which is no Node program`,
    );
  }
  const environment = Object.entries(process.env).map(([name, value]) => `${name}=${value ?? ''}`);
  const errno = addon().execute(launcher, [launcher, ...args], environment);
  throw syscallError(errno, 'execve', { path: launcher });
}
