import { ObjectDefineProperty, ObjectGetOwnPropertyDescriptor } from './primordials.js';

/**
 * Calls `run` while a property has this value, whatever the program has made of it. For what
 * Node calls, or reads, between a check and the use of what was checked. Throws where the
 * program has fixed the property.
 */
export function undisturbed<T>(owner: object, name: string, value: unknown, run: () => T): T {
  const before = ObjectGetOwnPropertyDescriptor(owner, name);
  ObjectDefineProperty(owner, name, {
    __proto__: null,
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  } as PropertyDescriptor);
  try {
    return run();
  } finally {
    if (before !== undefined) {
      ObjectDefineProperty(owner, name, { __proto__: null, ...before } as PropertyDescriptor);
    }
  }
}
