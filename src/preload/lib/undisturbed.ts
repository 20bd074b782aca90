import { plainProperty } from './plain-property.js';
import {
  ObjectDefineProperty,
  ObjectGetOwnPropertyDescriptor,
  ReflectDeleteProperty,
} from './primordials.js';

/**
 * Calls `run` while a property has this value, whatever the program has made of it. For what
 * Node calls, or reads, between a check and the use of what was checked. Throws where the
 * program has fixed the property.
 */
export function undisturbed<T>(owner: object, name: string, value: unknown, run: () => T): T {
  const before = ObjectGetOwnPropertyDescriptor(owner, name);
  ObjectDefineProperty(owner, name, plainProperty(value));
  try {
    return run();
  } finally {
    if (before === undefined) ReflectDeleteProperty(owner, name);
    else ObjectDefineProperty(owner, name, { __proto__: null, ...before } as PropertyDescriptor);
  }
}
