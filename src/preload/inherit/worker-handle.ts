import type { Worker } from 'node:worker_threads';

import { anythingIsEnforced } from '../../policy.js';
import { plainProperty } from '../lib/plain-property.js';
import {
  ObjectDefineProperty,
  ObjectGetPrototypeOf,
  ReflectConstruct,
  SafeProxy,
} from '../lib/primordials.js';
import { replaceValue } from '../lib/replace.js';
import { refuseOrTell } from '../refused.js';

type Class = new (...args: unknown[]) => object;

/** Node starts no thread for an unknown option, but it has created the handle by then. */
const NOT_STARTED = { execArgv: ['--no-option-of-node'] };

/** Where a Worker keeps its handle, its C++ side. */
let handleKey: PropertyKey | undefined;

/** The handle of a Worker that never starts, taken when its constructor stores it. */
function handleOf(original: typeof Worker): object | undefined {
  let handle: object | undefined;
  function Probe(): void {
    // Only the prototype of the handle is needed.
  }
  Probe.prototype = new Proxy(original.prototype, {
    set(target, key, value: object, receiver: object) {
      if (String(key) === 'Symbol(kHandle)') {
        handle = value;
        handleKey = key;
      }
      return Reflect.set(target, key, value, receiver);
    },
  });
  try {
    ReflectConstruct(original, ['/', NOT_STARTED], Probe);
  } catch {
    // The constructor throws because of the unknown option, as intended.
  }
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
  const guarded = new SafeProxy(prototype.constructor, {
    __proto__: null,
    construct(target: Class, args: unknown[], newTarget: Class): object {
      refuseOrTell(
        'start',
        'start',
        anythingIsEnforced(),
        "the class of a Worker's handle starts a thread that checks nothing. Use Worker of node:worker_threads",
      );
      return ReflectConstruct(target, args, newTarget);
    },
  } as ProxyHandler<Class>);
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
