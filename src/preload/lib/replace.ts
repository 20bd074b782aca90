import {
  ObjectDefineProperty,
  ObjectGetOwnPropertyDescriptor,
  ObjectGetPrototypeOf,
  ObjectHasOwn,
  ObjectSetPrototypeOf,
  ReflectDefineProperty,
  ReflectOwnKeys,
} from './primordials.js';

type Callable = (this: never, ...args: never[]) => unknown;

/** The prototype is null, so that a descriptor takes nothing from Object.prototype. */
const withoutPrototype = (descriptor: PropertyDescriptor): PropertyDescriptor =>
  ({ __proto__: null, ...descriptor }) as PropertyDescriptor;

/**
 * A descriptor for another value with the attributes of the old one. An accessor becomes a
 * value.
 */
function holding(value: unknown, before: PropertyDescriptor | undefined): PropertyDescriptor {
  const isValue = before !== undefined && ObjectHasOwn(before, 'value');
  return {
    __proto__: null,
    value,
    writable: isValue ? before.writable : true,
    configurable: before?.configurable ?? true,
    enumerable: before?.enumerable ?? true,
  } as PropertyDescriptor;
}

/**
 * Replaces the value of a property, so that the old value is no longer reachable through
 * it. The program may replace it once more. Returns whether it succeeded.
 */
export function replaceValue(owner: object, name: PropertyKey, value: unknown): boolean {
  const before = ObjectGetOwnPropertyDescriptor(owner, name);
  return ReflectDefineProperty(owner, name, holding(value, before));
}

/**
 * A function with a `this` but, like native functions, without a prototype. A `function` always has
 * one, and it cannot be deleted.
 */
export const methodOf = <F extends Callable>({ method }: { readonly method: F }): F => method;

function ownPrototype(replacement: Callable): object {
  const prototype = {};
  ObjectDefineProperty(prototype, 'constructor', {
    __proto__: null,
    value: replacement,
    writable: true,
    enumerable: false,
    configurable: true,
  } as PropertyDescriptor);
  return prototype;
}

/**
 * Gives a replacement the name, the length and every other property of the original. Without
 * `prototype` it gets a prototype object of its own: through the original's, the original could be
 * reached.
 */
export function resemble(replacement: Callable, original: Callable, prototype?: object): void {
  ObjectSetPrototypeOf(replacement, ObjectGetPrototypeOf(original));
  const keys = ReflectOwnKeys(original);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as PropertyKey;
    const descriptor = ObjectGetOwnPropertyDescriptor(original, key) as PropertyDescriptor;
    if (key === 'prototype') descriptor.value = prototype ?? ownPrototype(replacement);
    ObjectDefineProperty(replacement, key, withoutPrototype(descriptor));
  }
}

/**
 * Replaces one of Node's functions by an arrow or a method. It has the original's name,
 * length and own properties, and the property keeps its attributes. Does nothing where this
 * Node lacks the function. Throws where the property cannot be changed.
 */
export function replace<F extends Callable>(
  owner: object,
  name: PropertyKey,
  wrap: (original: F) => F,
): void {
  const before = ObjectGetOwnPropertyDescriptor(owner, name);
  if (before === undefined || !ObjectHasOwn(before, 'value')) return;
  const original: unknown = before.value;
  if (typeof original !== 'function') return;
  const replacement = wrap(original as F);
  resemble(replacement, original as F);
  ObjectDefineProperty(owner, name, holding(replacement, before));
}
