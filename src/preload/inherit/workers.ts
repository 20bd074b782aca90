import type { Worker, WorkerOptions } from 'node:worker_threads';

import { checkWithoutFile } from '../../interactive.js';
import { auditLog } from '../audit-target.js';
import { embedded } from '../../executable/embedded.js';
import { keepInherited, refuseNodeOptions } from './before-preload.js';
import { builtin } from '../lib/builtins.js';
import { enforce, handOnStrictness, isClosed, isInherited } from '../enforcement.js';
import { anythingIsEnforced } from '../../policy.js';
import { workerWithPreload } from '../../executable/workers.js';
import { preloadPath, withPreload } from './preload-option.js';
import {
  ObjectDefineProperty,
  StringPrototypeIndexOf,
  ArrayIsArray,
  ReflectConstruct,
  SafeProxy,
  StringPrototypeSlice,
  StringOf,
} from '../lib/primordials.js';

import { hideHandleClass } from './worker-handle.js';

type Environment = Record<string, string | undefined>;
type Arguments = [filename: string | URL, options?: WorkerOptions | null];

export const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null;

/**
 * A copy of an environment, inherited names too, with the preload before
 * everything else. A child of the executable that `mayexec build-node` makes is
 * that executable, and needs none.
 */
export function preloadedEnvironment(environment: object): Environment {
  const copy = Object.create(null) as Environment;
  for (const name in environment) {
    const value = (environment as Environment)[name];
    // As the child will read it: a name ends at the first equals sign.
    const equals = StringPrototypeIndexOf(name, '=', 1);
    if (equals < 0) copy[name] = value;
    else
      copy[StringPrototypeSlice(name, 0, equals)] =
        `${StringPrototypeSlice(name, equals + 1)}=${StringOf(value)}`;
  }
  if (embedded === undefined) {
    const given = copy['NODE_OPTIONS'];
    const options = given === undefined ? undefined : StringOf(given);
    if (options !== undefined && anythingIsEnforced()) refuseNodeOptions(options);
    copy['NODE_OPTIONS'] = withPreload(options, isClosed('eval'));
  }
  if (embedded !== undefined || anythingIsEnforced()) keepInherited(copy);
  if (enforce) copy['MAYEXEC_ENFORCE'] = '1';
  if (auditLog !== undefined) copy['MAYEXEC_AUDIT_LOG'] = auditLog;
  handOnStrictness(copy);
  return copy;
}

/** Without a prototype, from which Node would take what is not set here. */
export function copyOf(options: object): Record<string, unknown> {
  const own = Object.create(null) as Record<string, unknown>;
  for (const name in options) own[name] = (options as Record<string, unknown>)[name];
  return own;
}

/**
 * A Worker inherits the preload with its parent's options, unless it is given
 * arguments or an environment of its own: then it is put back, before all others.
 */
function preloaded(own: Record<string, unknown>): WorkerOptions {
  const { execArgv, env } = own;
  if (ArrayIsArray(execArgv)) {
    const withPreloadFirst = ['--require', preloadPath()];
    for (let i = 0; i < execArgv.length; i++) {
      withPreloadFirst[i + 2] = StringOf(execArgv[i]);
    }
    own['execArgv'] = withPreloadFirst;
  }
  if (isObject(env)) own['env'] = preloadedEnvironment(env);
  return own;
}

const node = process as unknown as { readonly _preload_modules?: readonly string[] };
/** Only --require is loaded in a Worker that is code, and no --import. */
const wasRequired = (node._preload_modules ?? []).length > 0;

/** For such a Worker, and a preload that was imported. */
function required(own: Record<string, unknown>): void {
  if (ArrayIsArray(own['execArgv']) || isObject(own['env'])) return;
  if (typeof own['env'] === 'symbol') own['execArgv'] = [];
  else own['env'] = process.env;
}

/** A Worker that is given no environment has this thread's, as the program left it. */
function keepStrength(): void {
  if (enforce) process.env['MAYEXEC_ENFORCE'] = '1';
  if (auditLog !== undefined) process.env['MAYEXEC_AUDIT_LOG'] = auditLog;
  handOnStrictness(process.env);
}

/** The environment of a Worker of the executable, where NODE_OPTIONS means nothing. */
function ownEnvironment(env: unknown): Environment | undefined {
  if (typeof env === 'symbol') {
    // It shares this thread's.
    delete process.env['NODE_OPTIONS'];
    return undefined;
  }
  const copy = preloadedEnvironment(isObject(env) ? env : process.env);
  delete copy['NODE_OPTIONS'];
  return copy;
}

/** Node takes any such value of `eval` for true. */
const isTruthy = (value: unknown): boolean => Boolean(value);

/** Puts the checks in the way of new Workers. */
export function installWorkers(): void {
  const workerThreads = builtin<{ Worker: typeof Worker }>('node:worker_threads');
  const original = workerThreads.Worker;
  const checked = new SafeProxy(original, {
    construct(target, args: Arguments, newTarget: typeof Worker): Worker {
      const options = args[1];
      keepStrength();
      let start = [args[0], options] as Arguments;
      if (embedded !== undefined || (isObject(options) && isInherited())) {
        const own = copyOf(options ?? {});
        // The code is a string; a data: URL is asked about by the load hook there.
        if (isTruthy(own['eval'])) {
          checkWithoutFile();
          if (embedded === undefined && !wasRequired) required(own);
        }
        start =
          embedded === undefined
            ? [args[0], preloaded(own)]
            : workerWithPreload(args[0], own, ownEnvironment(own['env']));
      }
      return ReflectConstruct(target, start, newTarget) as Worker;
    },
  });
  workerThreads.Worker = checked;
  hideHandleClass(original);
  // Else the unchecked class is one property away.
  ObjectDefineProperty(original.prototype, 'constructor', {
    value: checked,
    writable: true,
    configurable: true,
    enumerable: false,
  });
}
