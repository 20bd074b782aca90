import { plainProperty } from './plain-property.js';
import {
  ObjectDefineProperty,
  ObjectGetOwnPropertyDescriptor,
  ReflectDeleteProperty,
} from './primordials.js';

/**
 * Calls `run` while a property has this value, even if the program has replaced it. For functions
 * and values that Node uses between a check and the use of the checked file. Throws where the
 * program has made the property fixed.
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
