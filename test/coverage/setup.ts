/**
 * Many tests give an environment of their own to the programs that they start. Here each gets the
 * variable that makes Node count, too: what a test left out of an environment, the measuring needs.
 */
import childProcess, { ChildProcess } from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';

const NAME = 'NODE_V8_COVERAGE';
const folder = process.env[NAME];

interface Asynchronous {
  spawn: (this: ChildProcess, options: { envPairs?: string[] }) => unknown;
}

type Sync = 'spawnSync' | 'execFileSync' | 'execSync';

/** Every asynchronous way to start a program comes through this method. */
function addToAsynchronous(pair: string): void {
  const prototype = ChildProcess.prototype as unknown as Asynchronous;
  const { spawn } = prototype;
  prototype.spawn = function (options) {
    const { envPairs } = options;
    if (envPairs !== undefined && !envPairs.some((given) => given.startsWith(`${NAME}=`)))
      envPairs.push(pair);
    return spawn.call(this, options);
  };
}

function addToSync(name: Sync, to: string): void {
  const functions = childProcess as unknown as Record<Sync, (...words: unknown[]) => unknown>;
  const started = functions[name];
  functions[name] = (...words) => {
    const given = words.map((word) => {
      const { env } = (word ?? {}) as { env?: NodeJS.ProcessEnv };
      return env === undefined ? word : { ...(word as object), env: { [NAME]: to, ...env } };
    });
    return started(...given);
  };
}

if (folder !== undefined) {
  addToAsynchronous(`${NAME}=${folder}`);
  for (const name of ['spawnSync', 'execFileSync', 'execSync'] as const) addToSync(name, folder);
  syncBuiltinESMExports();
}
