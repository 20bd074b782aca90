import { ObjectDefineProperty } from './primordials.js';

/**
 * Array#push that no setter on Array.prototype sees: a program could keep an
 * element from being stored there, and have another answer in its place.
 */
export function append<T>(list: T[], value: T): void {
  ObjectDefineProperty(list, list.length, {
    __proto__: null,
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  } as PropertyDescriptor);
}
