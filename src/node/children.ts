import type { ChildProcess } from 'node:child_process';

import { builtin } from './builtins.js';
import { anythingIsEnforced } from './enforcement.js';
import { indexOf, isArray, reflectApply, slice, toStringOf } from './primordials.js';
import { preloadedEnvironment } from './workers.js';

/** What ChildProcess#spawn is given by spawn, fork, exec, execFile and cluster. */
interface SpawnRequest {
  envPairs?: string[];
}
type Sync = (file: string, ...rest: unknown[]) => unknown;
interface ChildProcessExports extends Record<'spawnSync' | 'execFileSync' | 'execSync', Sync> {
  ChildProcess: {
    prototype: { spawn: (this: ChildProcess, options: SpawnRequest) => unknown };
  };
}
type Execve = (file: string, args?: readonly string[], env?: object) => never;

function preloadedPairs(pairs: readonly string[]): string[] {
  const environment = Object.create(null) as Record<string, string>;
  for (let i = 0; i < pairs.length; i++) {
    const pair = toStringOf(pairs[i]);
    const equals = indexOf(pair, '=', 1);
    if (equals > 0) environment[slice(pair, 0, equals)] = slice(pair, equals + 1);
  }
  return pairsOf(environment);
}

function pairsOf(environment: object): string[] {
  const pairs: string[] = [];
  const copy = preloadedEnvironment(environment);
  for (const name in copy) {
    const value = copy[name];
    if (value !== undefined) pairs[pairs.length] = `${name}=${value}`;
  }
  return pairs;
}

/** The arguments of a *Sync function with the preload in options.env, wherever the options stand. */
function preloadedArguments(args: readonly unknown[]): unknown[] {
  const at = isArray(args[0]) || args[0] === undefined || args[0] === null ? 1 : 0;
  const options = args[at];
  if (options !== undefined && options !== null && typeof options !== 'object') {
    return args as unknown[];
  }
  const own = { ...options } as { env?: object | null };
  own.env = preloadedEnvironment(own.env ?? process.env);
  return at === 0 ? [own] : [args[0], own];
}

/**
 * Puts the preload into every child process's NODE_OPTIONS, whatever environment
 * the program gives it: a child inherits the securebits, which only mean
 * something to a Node that looks at them.
 */
export function installChildren(): void {
  const exports = builtin<ChildProcessExports>('node:child_process');
  const { prototype } = exports.ChildProcess;
  const { spawn } = prototype;
  prototype.spawn = function (options) {
    if (typeof options === 'object' && anythingIsEnforced()) {
      const { envPairs } = options;
      options.envPairs = isArray(envPairs) ? preloadedPairs(envPairs) : pairsOf(process.env);
    }
    return reflectApply(spawn, this, [options]);
  };

  const { spawnSync, execFileSync, execSync } = exports;
  exports.spawnSync = function (file: string, ...rest: unknown[]) {
    const own = anythingIsEnforced() ? preloadedArguments(rest) : rest;
    return reflectApply(spawnSync, this, [file, own[0], own[1]]);
  };
  exports.execFileSync = function (file: string, ...rest: unknown[]) {
    const own = anythingIsEnforced() ? preloadedArguments(rest) : rest;
    return reflectApply(execFileSync, this, [file, own[0], own[1]]);
  };
  exports.execSync = function (command: string, options?: unknown) {
    const own = anythingIsEnforced() ? preloadedArguments([[], options])[1] : options;
    return reflectApply(execSync, this, [command, own]);
  };
}

/** The same for the program that takes this process's place. */
export function installExecve(): void {
  const owner = process as unknown as { execve?: Execve };
  const { execve } = owner;
  if (execve === undefined) return;
  owner.execve = function (file, args, env) {
    const own = anythingIsEnforced() ? preloadedEnvironment(env ?? process.env) : env;
    return reflectApply(execve, process, [file, args, own]);
  };
}
