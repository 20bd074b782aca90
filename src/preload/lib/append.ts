import { plainProperty } from './plain-property.js';
import { ObjectDefineProperty } from './primordials.js';

/**
 * Array#push that no setter on Array.prototype sees. Through a setter a program could keep
 * an element out of the array and supply another one.
 */
export function append<T>(list: T[], value: T): void {
  ObjectDefineProperty(list, list.length, plainProperty(value));
}
