import type { ChildProcess } from 'node:child_process';

import { checkedArguments } from './before-preload.js';
import { builtin } from '../lib/builtins.js';
import { isInherited } from '../enforcement.js';
import { anythingIsEnforced } from '../../policy.js';
import {
  ObjectGetPrototypeOf,
  StringPrototypeIndexOf,
  ArrayIsArray,
  ReflectApply,
  StringPrototypeSlice,
  StringOf,
} from '../lib/primordials.js';
import { copyOf, isObject, preloadedEnvironment } from './workers.js';

/** Node's C++ side: before Node 24 it is given one object, of which envPairs is a property. */
export interface Spawner {
  spawn: (this: unknown, ...request: unknown[]) => unknown;
}
/** Where these stand among the arguments since then. */
const FILE = 0;
const ARGS = 1;
const ENV_PAIRS = 3;
type Sync = (file: string, ...rest: unknown[]) => unknown;
interface ChildProcessExports extends Record<'spawnSync' | 'execFileSync' | 'execSync', Sync> {
  ChildProcess: new () => ChildProcess & { readonly _handle: Spawner };
}
type Execve = (file: string, args?: readonly string[], env?: object) => never;

/** A policy refuses arguments that bring in code before the preload; a log alone refuses nothing. */
function checked(file: unknown, args: unknown, from: 0 | 1): unknown {
  return anythingIsEnforced() ? checkedArguments(file, args, from) : args;
}

function preloadedPairs(pairs: readonly string[]): string[] {
  const environment = Object.create(null) as Record<string, string>;
  for (let i = 0; i < pairs.length; i++) {
    const pair = StringOf(pairs[i]);
    const equals = StringPrototypeIndexOf(pair, '=', 1);
    if (equals > 0)
      environment[StringPrototypeSlice(pair, 0, equals)] = StringPrototypeSlice(pair, equals + 1);
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
function preloadedArguments(file: unknown, args: readonly unknown[]): unknown[] {
  const at = ArrayIsArray(args[0]) || args[0] === undefined || args[0] === null ? 1 : 0;
  const options = args[at];
  if (options !== undefined && options !== null && typeof options !== 'object') {
    return args as unknown[];
  }
  const own = { ...options } as { env?: object | null };
  own.env = preloadedEnvironment(own.env ?? process.env);
  return at === 0 ? [own] : [checked(file, args[0], 0), own];
}

const preloadedOrOwn = (envPairs: unknown): string[] =>
  ArrayIsArray(envPairs) ? preloadedPairs(envPairs as string[]) : pairsOf(process.env);

/**
 * Puts the preload into what Node's C++ side is asked to start. Of the request a
 * copy is made: it could answer differently the second time.
 */
export function guardSpawner(owner: Spawner): void {
  const { spawn } = owner;
  owner.spawn = function (...request) {
    if (isInherited()) {
      const first = request[FILE];
      if (isObject(first)) {
        const own = copyOf(first);
        own['file'] = StringOf(own['file']);
        own['args'] = checked(own['file'], own['args'], 1);
        own['envPairs'] = preloadedOrOwn(own['envPairs']);
        request[0] = own;
      } else {
        request[ARGS] = checked(first, request[ARGS], 1);
        request[ENV_PAIRS] = preloadedOrOwn(request[ENV_PAIRS]);
      }
    }
    return ReflectApply(spawn, this, request);
  };
}

/**
 * Puts the preload into every child process's NODE_OPTIONS, whatever environment
 * the program gives it: a child inherits the securebits, which only mean
 * something to a Node that looks at them.
 */
export function installChildren(): void {
  const exports = builtin<ChildProcessExports>('node:child_process');
  // What spawn, fork, exec, execFile and cluster come down to, and a program can reach as they do.
  guardSpawner(ObjectGetPrototypeOf(new exports.ChildProcess()._handle) as Spawner);

  const { spawnSync, execFileSync, execSync } = exports;
  exports.spawnSync = function (file: string, ...rest: unknown[]) {
    const own = isInherited() ? preloadedArguments(file, rest) : rest;
    return ReflectApply(spawnSync, this, [file, own[0], own[1]]);
  };
  exports.execFileSync = function (file: string, ...rest: unknown[]) {
    const own = isInherited() ? preloadedArguments(file, rest) : rest;
    return ReflectApply(execFileSync, this, [file, own[0], own[1]]);
  };
  exports.execSync = function (command: string, options?: unknown) {
    const own = isInherited() ? preloadedArguments('', [[], options])[1] : options;
    return ReflectApply(execSync, this, [command, own]);
  };
}

/** The same for the program that takes this process's place. */
export function installExecve(): void {
  const owner = process as unknown as { execve?: Execve };
  const { execve } = owner;
  if (execve === undefined) return;
  owner.execve = function (file, args, env) {
    const own = isInherited()
      ? [file, checked(file, args, 1), preloadedEnvironment(env ?? process.env)]
      : [file, args, env];
    return ReflectApply(execve, process, own as Parameters<Execve>);
  };
}
