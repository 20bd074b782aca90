import { addon } from '../addon.js';
import { syscallError } from '../errors.js';
import { readLogTarget } from '../preload/log-target.js';
import { isNodesOwn } from '../preload/node-fd.js';
import { launcherPath } from './launcher.js';
import { LAUNCHER_OPTIONS } from './launcher-options.js';
import { actedBefore, actedBeforeWords } from './own-start.js';

const AUDIT_LOG = '--audit-log';

/**
 * The launcher's own options, each with the index of its value. They end at the first word that is
 * not an option.
 */
function* ownOptions(args: readonly string[]): Generator<{ word: string; value: number }> {
  for (let at = 0; at < args.length; at++) {
    const word = args[at] as string;
    if (word === '--' || !word.startsWith('-')) return;
    yield { word, value: at + 1 };
    const { flags = '' } = LAUNCHER_OPTIONS.find((row) => row.flags.startsWith(`${word} <`)) ?? {};
    if (flags !== '') at++;
    if (flags.endsWith('...>')) while (args[at + 1]?.startsWith('-') === false) at++;
  }
}

/** Node marks the fds that it was given close-on-exec, and the log may be one of them. */
function keepLog(args: readonly string[]): string[] {
  const kept = [...args];
  for (const { word, value } of ownOptions(args)) {
    const isApart = word === AUDIT_LOG;
    if (!isApart && !word.startsWith(`${AUDIT_LOG}=`)) continue;
    const target = fdOf(isApart ? args[value] : word.slice(AUDIT_LOG.length + 1));
    if (target === undefined || isNodesOwn(target)) continue;
    // Where it cannot be written to, the launcher says so.
    const inherited = addon().inheritFd(target);
    if (inherited >= 0)
      kept[isApart ? value : value - 1] = `${isApart ? '' : `${AUDIT_LOG}=`}fd:${inherited}`;
  }
  return kept;
}

/** The fd that a target names. Undefined for any other target. The launcher reports a wrong one. */
function fdOf(target: string | undefined): number | undefined {
  try {
    const found = readLogTarget(target ?? '');
    return 'fd' in found && found.identity === undefined ? found.fd : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Becomes mayexec-run with these arguments by execve(2). Never returns. When foreign code may
 * already have run in this process, the launcher refuses the start, or reports it under --audit.
 * Throws UnsupportedError without the launcher or the addon, and a SyscallError when the launcher
 * cannot be executed.
 */
export function becomeLauncher(args: readonly string[]): never {
  const launcher = launcherPath();
  const words = [launcher, ...actedBeforeWords(actedBefore(), launcher), ...keepLog(args)];
  const environment = Object.entries(process.env).map(([name, value]) => `${name}=${value ?? ''}`);
  const errno = addon().execute(launcher, words, environment);
  throw syscallError(errno, 'execve', { path: launcher });
}
