import type { Worker } from 'node:worker_threads';

import {
  ObjectDefineProperty,
  ObjectGetPrototypeOf,
  ReflectConstruct,
} from '../lib/primordials.js';

/** Node starts no thread for an unknown option, but it has created the handle by then. */
const NOT_STARTED = { execArgv: ['--no-option-of-node'] };

/** The handle of a Worker that never starts, taken when its constructor stores it. */
function handleOf(original: typeof Worker): object | undefined {
  let handle: object | undefined;
  function Probe(): void {
    // Only the prototype of the handle is needed.
  }
  Probe.prototype = new Proxy(original.prototype, {
    set(target, key, value: object, receiver: object) {
      if (String(key) === 'Symbol(kHandle)') handle = value;
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
 * Cuts the path from a Worker to the class of its C++ side. With that class a program could
 * start a thread without the preload.
 */
export function hideHandleClass(original: typeof Worker): void {
  const handle = handleOf(original);
  if (handle === undefined) return;
  ObjectDefineProperty(ObjectGetPrototypeOf(handle) as object, 'constructor', {
    value: Object,
    writable: false,
    configurable: false,
  });
}
