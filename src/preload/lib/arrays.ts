import { append } from './append.js';
import {
  ObjectGetPrototypeOf,
  ReflectOwnKeys,
  StringOf,
  StringPrototypeCharAt,
} from './primordials.js';

const arrayPrototype = Array.prototype as unknown as Record<symbol, unknown>;
const objectPrototype = Object.prototype;
const iterator: symbol = Symbol.iterator;
const iterate = arrayPrototype[iterator];
// eslint-disable-next-line no-restricted-syntax -- its class has no other name
const iteratorPrototype = ObjectGetPrototypeOf([][Symbol.iterator]()) as { next: unknown };
const { next } = iteratorPrototype;

/** Own keys that are indexes come first. */
function hasIndex(prototype: object): boolean {
  const first = ReflectOwnKeys(prototype)[0];
  if (typeof first !== 'string') return false;
  const digit = StringPrototypeCharAt(first, 0);
  return digit >= '0' && digit <= '9';
}

/** Whether arrays inherit none of the first indexes. To list all keys takes many times longer. */
export function firstIndexesAreIntact(count: number): boolean {
  if (ObjectGetPrototypeOf(arrayPrototype) !== objectPrototype) return false;
  for (let i = 0; i < count; i++) {
    if (i in arrayPrototype) return false;
  }
  return true;
}

/** Whether arrays inherit no index. An inherited accessor would intercept what is stored. */
export function indexesAreIntact(): boolean {
  // A program can insert an object of its own between the two. Above Object.prototype it cannot.
  return (
    ObjectGetPrototypeOf(arrayPrototype) === objectPrototype &&
    !hasIndex(arrayPrototype) &&
    !hasIndex(objectPrototype)
  );
}

/**
 * Whether Node reads from an array the same values that it has stored. The program can add
 * accessors for indexes, or another iterator, to a prototype.
 */
export function arraysAreIntact(): boolean {
  return (
    arrayPrototype[iterator] === iterate && iteratorPrototype.next === next && indexesAreIntact()
  );
}

/** A copy of the words that no longer changes and that no accessor on Array.prototype hides. */
export function copyOfWords(given: readonly unknown[]): string[] {
  const words: string[] = [];
  const { length } = given;
  for (let i = 0; i < length; i++) append(words, StringOf(given[i]));
  return words;
}
