import type { Worker } from 'node:worker_threads';

import { anythingIsEnforced } from '../../policy.js';
import { mayStart } from '../guard/permission.js';
import { builtin } from '../lib/builtins.js';
import { inPlaceOf } from '../lib/in-place-of.js';
import { plainProperty } from '../lib/plain-property.js';
import {
  ObjectDefineProperty,
  ObjectGetPrototypeOf,
  ReflectConstruct,
  SafeProxy,
  StringOf,
} from '../lib/primordials.js';
import { replaceValue } from '../lib/replace.js';
import { undisturbed } from '../lib/undisturbed.js';
import { decideUnchecked } from '../refused.js';

type Class = new (...args: unknown[]) => object;

const events = builtin<{ init: unknown }>('node:events');
const { init } = events;

/** Node starts no thread for an unknown option, but it has created the handle by then. */
const NOT_STARTED = { __proto__: null, execArgv: ['--no-option-of-node'] };

/** What Node throws for that option. */
const UNKNOWN_OPTION = 'ERR_WORKER_INVALID_EXEC_ARGV';

/** Where a Worker keeps its handle, its C++ side. */
let handleKey: PropertyKey | undefined;

/**
 * The handle of a Worker that never starts, taken when its constructor stores it. Undefined where
 * nobody may make a Worker. Throws what the program, or a stack that is nearly full, makes the
 * constructor throw: then nothing is guarded, and the program gets no Worker.
 */
function handleOf(original: typeof Worker): object | undefined {
  if (!mayStart('worker')) return undefined;
  let handle: object | undefined;
  function Probe(): void {
    // Only the prototype of the handle is needed.
  }
  // Functions of the program get the Worker that is made here, so it has no class.
  Probe.prototype = new SafeProxy({ __proto__: null }, {
    __proto__: null,
    set(_target: object, key: PropertyKey, value: object, receiver: object) {
      if (StringOf(key) === 'Symbol(kHandle)') {
        handle = value;
        handleKey = key;
      }
      ObjectDefineProperty(receiver, key, plainProperty(value));
      return true;
    },
  } as ProxyHandler<object>);
  try {
    undisturbed<object>(
      events,
      'init',
      init,
      () => ReflectConstruct(original, ['/', NOT_STARTED], Probe) as object,
    );
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== UNKNOWN_OPTION) throw error;
  }
  if (handle === undefined) throw new Error(`Workers of Node ${process.version} cannot be guarded`);
  return handle;
}

/**
 * Guards the path from a Worker to the class of its C++ side. With that class a program could start
 * a thread without the preload. A restriction refuses that, and a log records it.
 */
export function guardHandleClass(original: typeof Worker): void {
  const handle = handleOf(original);
  if (handle === undefined) return;
  const prototype = ObjectGetPrototypeOf(handle) as { constructor: Class };
  const { constructor } = prototype;
  const guarded = inPlaceOf(constructor, {
    construct(_, args, newTarget) {
      decideUnchecked(
        'start',
        'start',
        anythingIsEnforced(),
        "the class of a Worker's handle starts a thread that checks nothing. Use Worker of node:worker_threads",
      );
      return ReflectConstruct(constructor, args, newTarget);
    },
  });
  replaceValue(prototype, 'constructor', guarded);
}

/**
 * A prototype for a Worker that is under construction. Calls back as soon as its handle is there,
 * which has read the environment and the arguments by then. No function of the program runs between
 * the two.
 */
export function noticingHandle(prototype: object, whenThere: () => void): object {
  const noticing = { __proto__: prototype };
  if (handleKey === undefined) return noticing;
  const key = handleKey;
  ObjectDefineProperty(noticing, key, {
    __proto__: null,
    set(handle: unknown) {
      ObjectDefineProperty(this, key, plainProperty(handle));
      whenThere();
    },
    configurable: true,
  } as PropertyDescriptor);
  return noticing;
}
