import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { watch, type FSWatcher } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { builtin } from '../preload/lib/builtins.js';
import type { CommandLine } from './command-line.js';

/** The message of Node's loaders to a parent that set WATCH_REPORT_DEPENDENCIES. */
interface Report {
  'watch:require'?: readonly (string | null)[];
  'watch:import'?: readonly string[];
}
type Spawn = (file: string, args: readonly string[], options: SpawnOptions) => ChildProcess;

/** Waits this long, because editors write a file in several steps. */
const QUIET_MS = 200;

/**
 * `--watch`: runs the program in a separate process, and again when a loaded file changes. It
 * watches folders, because editors replace files.
 */
export function watchProgram({ execArgv, rest }: CommandLine): void {
  const { spawn } = builtin<{ spawn: Spawn }>('node:child_process');
  const args = [...execArgv.filter((option) => option !== '--watch'), ...rest];
  const files = new Set<string>();
  const watchers = new Map<string, FSWatcher>();
  let child: ChildProcess | undefined;
  let timer: NodeJS.Timeout | undefined;
  const say = (what: string): void => {
    process.stdout.write(`${what} '${rest.join(' ')}'\n`);
  };

  function add(file: string): void {
    files.add(file);
    const folder = dirname(file);
    if (watchers.has(folder)) return;
    const watcher = watch(folder, (_, name) => {
      if (name === null || !files.has(join(folder, name))) return;
      clearTimeout(timer);
      timer = setTimeout(again, QUIET_MS);
    });
    watcher.on('error', () => undefined);
    watchers.set(folder, watcher);
  }

  function start(): void {
    child = spawn(process.execPath, args, {
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
      env: { ...process.env, WATCH_REPORT_DEPENDENCIES: '1' },
    });
    child.on('message', (message: Report) => {
      for (const file of message['watch:require'] ?? []) if (file !== null) add(file);
      for (const url of message['watch:import'] ?? []) {
        if (url.startsWith('file:')) add(fileURLToPath(url));
      }
    });
    child.once('exit', (status) => {
      child = undefined;
      if (status !== null) say(status === 0 ? 'Completed running' : 'Failed running');
    });
  }

  function again(): void {
    say('Restarting');
    if (child === undefined) {
      start();
      return;
    }
    child.removeAllListeners('exit').once('exit', start);
    child.kill('SIGTERM');
  }

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      child?.kill(signal);
      process.kill(process.pid, signal);
    });
  }
  if (process.argv[1] !== undefined) add(process.argv[1]);
  start();
}
