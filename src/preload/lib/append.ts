import { plainProperty } from './plain-property.js';
import { ObjectDefineProperty } from './primordials.js';

/**
 * Array#push that runs no setter of Array.prototype. By a setter a program could replace the
 * element.
 */
export function append<T>(list: T[], value: T): void {
  ObjectDefineProperty(list, list.length, plainProperty(value));
}
