import type { Worker, WorkerOptions } from 'node:worker_threads';

import { checkWithoutFile } from '../../interactive.js';
import { embedded } from '../../executable/embedded.js';
import { workerWithPreload } from '../../executable/workers.js';
import { parseAllWords } from '../../tables/words.js';
import { isInherited, isEnforcedOrAudited } from '../enforcement.js';
import { anythingIsEnforced } from '../../policy.js';
import { handOnStrength, hasStrength } from '../settings.js';
import { decideUnchecked } from '../refused.js';
import { builtin } from '../lib/builtins.js';
import {
  ArrayIsArray,
  ObjectFreeze,
  ObjectSetPrototypeOf,
  ReflectConstruct,
} from '../lib/primordials.js';
import { inPlaceOf } from '../lib/in-place-of.js';
import { undisturbed } from '../lib/undisturbed.js';
import { replaceValue } from '../lib/replace.js';
import { copyOfWords } from '../lib/arrays.js';
import { copyOf, isObject } from './children.js';
import {
  nodeOptionsFor,
  ownEnvironment,
  preloadedEnvironment,
  preloadedOptions,
  type Environment,
} from './child-environment.js';
import { givenWords } from './given-options.js';
import { isLoadedInWorkers } from './preload-option.js';
import { checkOptions } from './check-options.js';
import { guardHandleClass, noticingHandle } from './worker-handle.js';

type Filename = string | URL;
type Arguments = [filename: Filename, options?: WorkerOptions | null];
type Construct = (filename: Filename, options: Record<string, unknown>) => Worker;

/**
 * Calls `run` with other NODE_OPTIONS. Node accepts per-process options in a Worker's
 * NODE_OPTIONS only when these equal, byte for byte, those of the thread that starts it. A
 * Worker without an environment uses that thread's.
 */
function withNodeOptions<T>(nodeOptions: string, run: () => T): T {
  const before = ownEnvironment['NODE_OPTIONS'];
  if (before === nodeOptions) return run();
  ownEnvironment['NODE_OPTIONS'] = nodeOptions;
  try {
    return run();
  } finally {
    if (before === undefined) delete ownEnvironment['NODE_OPTIONS'];
    else ownEnvironment['NODE_OPTIONS'] = before;
  }
}

/**
 * The environment for a Worker with arguments, which reads NODE_OPTIONS again. Another thread that
 * shares this thread's environment could change it meanwhile, so the Worker gets a copy.
 */
function ownCopyFor(env: unknown): unknown {
  if (isObject(env)) return env;
  if (typeof env !== 'symbol') return ownEnvironment;
  decideUnchecked(
    'start',
    'start',
    anythingIsEnforced(),
    'a Worker with execArgv and SHARE_ENV reads NODE_OPTIONS that another thread can change. Leave one of the two out',
  );
  return env;
}

/**
 * Makes Node read NODE_OPTIONS again, which it does only for a Worker with arguments or an
 * environment.
 */
function constructPreloaded(
  filename: Filename,
  own: Record<string, unknown>,
  construct: Construct,
): Worker {
  const { execArgv, env } = own;
  let words = givenWords;
  if (ArrayIsArray(execArgv)) {
    words = copyOfWords(execArgv);
    if (isEnforcedOrAudited()) checkOptions(parseAllWords(words));
    // Node shows them to functions of the program.
    own['execArgv'] = ObjectFreeze(words);
  } else if (!isObject(env)) return construct(filename, own);

  const inherited = ownEnvironment['NODE_OPTIONS'];
  let nodeOptions;
  if (isObject(env)) {
    const copy = preloadedEnvironment(env, words, () => 'worker');
    own['env'] = copy;
    nodeOptions = copy['NODE_OPTIONS'] as string;
    if (inherited === undefined || nodeOptions !== nodeOptionsFor(inherited, words, 'worker')) {
      return construct(filename, own);
    }
  } else nodeOptions = preloadedOptions(inherited, words, 'worker');
  return withNodeOptions(nodeOptions, () => construct(filename, own));
}

/**
 * Constructs a Worker that would not load the preload by itself. It gets arguments, so that Node
 * reads NODE_OPTIONS.
 */
function constructWithArguments(
  filename: Filename,
  own: Record<string, unknown>,
  construct: Construct,
): Worker {
  try {
    return constructPreloaded(
      filename,
      { __proto__: null, ...own, execArgv: process.execArgv },
      construct,
    );
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_WORKER_INVALID_EXEC_ARGV') throw error;
    // Some of the options are per-process.
    return constructPreloaded(filename, { __proto__: null, ...own, execArgv: [] }, construct);
  }
}

/** The environment of a Worker of the executable, where NODE_OPTIONS means nothing. */
function environmentHere(env: unknown): Environment | undefined {
  if (typeof env === 'symbol') {
    // The Worker shares this thread's environment.
    delete ownEnvironment['NODE_OPTIONS'];
    return undefined;
  }
  const copy = preloadedEnvironment(isObject(env) ? env : ownEnvironment, [], () => 'worker');
  delete copy['NODE_OPTIONS'];
  return copy;
}

/** Starts a Worker with the preload before everything that `own` gives it. */
function start(filename: Filename, own: Record<string, unknown>, construct: Construct): Worker {
  // Node accepts any truthy value.
  const isCode = !!own['eval'];
  // The code is a string. For a data: URL, the Worker's load hooks make the check.
  if (isCode) checkWithoutFile('worker-eval', typeof filename === 'string' ? filename : undefined);
  if (embedded !== undefined) {
    const started = workerWithPreload(filename, own, environmentHere(own['env']));
    return construct(started[0], started[1] as Record<string, unknown>);
  }
  const hasArguments = ArrayIsArray(own['execArgv']);
  if (hasArguments && isEnforcedOrAudited()) own['env'] = ownCopyFor(own['env']);
  return !hasArguments && !isObject(own['env']) && !isLoadedInWorkers(isCode)
    ? constructWithArguments(filename, own, construct)
    : constructPreloaded(filename, own, construct);
}

const events = builtin<{ init: unknown }>('node:events');
const { init } = events;

/** Refuses a Worker whose environment has changed since the decision about it. */
function refuseChange(): void {
  decideUnchecked(
    'start',
    'start',
    anythingIsEnforced(),
    'a function of the program took the preload or its settings out of process.env while a Worker was made. Change process.env before',
  );
}

/**
 * Constructs a Worker so that no function of the program can keep the preload out of it. Such
 * functions are EventEmitter.init, an accessor that replaces process.env, code on the prototype of
 * a class of the program, and everything that Node calls to read the options.
 */
function constructUndisturbed(target: typeof Worker, args: unknown[], newTarget: object): Worker {
  const nodeOptions = ownEnvironment['NODE_OPTIONS'];
  function Made(): void {
    // Only the prototype is needed.
  }
  Made.prototype = noticingHandle(target.prototype, () => {
    if (ownEnvironment['NODE_OPTIONS'] !== nodeOptions || !hasStrength(ownEnvironment))
      refuseChange();
  });
  const worker = undisturbed(events, 'init', init, () =>
    undisturbed(
      process,
      'env',
      ownEnvironment,
      () => ReflectConstruct(target, args, Made) as Worker,
    ),
  );
  ObjectSetPrototypeOf(worker, (newTarget as { prototype: object | null }).prototype);
  return worker;
}

/** Installs the checks on new Workers. */
export function installWorkers(): void {
  const workerThreads = builtin<{ Worker: typeof Worker }>('node:worker_threads');
  const original = workerThreads.Worker;
  const checked = inPlaceOf(original, {
    construct(_, args, newTarget) {
      const { 0: filename, 1: options } = args as Arguments;
      const construct: Construct = (program, own) =>
        isEnforcedOrAudited()
          ? constructUndisturbed(original, [program, own], newTarget)
          : (ReflectConstruct(original, [program, own], newTarget) as Worker);
      // A Worker without an environment uses this thread's, as the program left it.
      handOnStrength(ownEnvironment);
      // Node reads options from a function, and from the prototype of a primitive, too.
      const isGiven = isObject(options) || typeof options === 'function';
      // Node throws for null before it makes a Worker.
      const isPlain =
        embedded === undefined && !(isInherited() && (isGiven || isEnforcedOrAudited()));
      if (options === null || isPlain) {
        return ReflectConstruct(original, [filename, options], newTarget) as Worker;
      }
      return start(filename, isGiven ? copyOf(options) : copyOf({}), construct);
    },
  });
  // A step that fails is tried again from here, so the class is replaced when the rest is done.
  guardHandleClass(original);
  // Otherwise `prototype.constructor` would lead to the unchecked class.
  replaceValue(original.prototype, 'constructor', checked);
  replaceValue(workerThreads, 'Worker', checked);
}
