import { ObjectGetPrototypeOf, ReflectOwnKeys } from './primordials.js';

const arrayPrototype = Array.prototype as unknown as Record<symbol, unknown>;
const objectPrototype = Object.prototype;
const iterator: symbol = Symbol.iterator;
const iterate = arrayPrototype[iterator];
const iteratorPrototype = ObjectGetPrototypeOf([][Symbol.iterator]()) as { next: unknown };
const { next } = iteratorPrototype;

/** Own keys that are indexes come first. */
function hasIndex(prototype: object): boolean {
  const first = ReflectOwnKeys(prototype)[0];
  return typeof first === 'string' && (first[0] as string) >= '0' && (first[0] as string) <= '9';
}

/** Whether an array inherits no index: an accessor there takes what is put into the array. */
export function indexesAreIntact(): boolean {
  // The program can put an object of its own between the two. Above Object.prototype it cannot.
  return (
    ObjectGetPrototypeOf(arrayPrototype) === objectPrototype &&
    !hasIndex(arrayPrototype) &&
    !hasIndex(objectPrototype)
  );
}

/**
 * Whether what Node puts into an array, and takes out of it, is what it gets: the
 * program can put accessors for indexes on a prototype, and another iterator on it.
 */
export function arraysAreIntact(): boolean {
  return (
    arrayPrototype[iterator] === iterate && iteratorPrototype.next === next && indexesAreIntact()
  );
}
