import { plainProperty } from './plain-property.js';
import { ObjectDefineProperty, ObjectGetPrototypeOf, ObjectSetPrototypeOf } from './primordials.js';

/** A list without a prototype: an assignment to its end runs no setter, and is fast. */
export const newList = <T>(): T[] => ObjectSetPrototypeOf([], null) as T[];

/**
 * Array#push that runs no setter of Array.prototype. By a setter a program could replace the
 * element.
 */
export function append<T>(list: T[], value: T): void {
  if (ObjectGetPrototypeOf(list) === null) list[list.length] = value;
  else ObjectDefineProperty(list, list.length, plainProperty(value));
}
