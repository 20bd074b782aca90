import {
  ObjectDefineProperty,
  ObjectGetOwnPropertyDescriptor,
  ObjectHasOwn,
  ReflectDefineProperty,
  ReflectOwnKeys,
} from './primordials.js';

type Callable = (this: never, ...args: never[]) => unknown;

/** Null, so that nothing on Object.prototype becomes part of a descriptor. */
const withoutPrototype = (descriptor: PropertyDescriptor): PropertyDescriptor =>
  ({ __proto__: null, ...descriptor }) as PropertyDescriptor;

/** A property that holds another value, with the attributes that it had. An accessor becomes a value. */
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
 * Puts a value in the place of a property: what stood there before cannot be had by that.
 * The program may replace it once more. Returns whether it could be done.
 */
export function replaceValue(owner: object, name: PropertyKey, value: unknown): boolean {
  const before = ObjectGetOwnPropertyDescriptor(owner, name);
  return ReflectDefineProperty(owner, name, holding(value, before));
}

/** Gives a function the name, the length and every other property of the one that it stands for. */
function resemble(replacement: Callable, original: Callable): void {
  const keys = ReflectOwnKeys(original);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as PropertyKey;
    if (key === 'prototype') continue;
    const descriptor = ObjectGetOwnPropertyDescriptor(original, key) as PropertyDescriptor;
    ObjectDefineProperty(replacement, key, withoutPrototype(descriptor));
  }
}

/**
 * Puts a function in the place of one of Node's, for everybody who looks the same: its name, its
 * length, its own properties, and the attributes of the property that holds it. Does nothing where
 * this Node does not have it. Throws where the property cannot be changed.
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
