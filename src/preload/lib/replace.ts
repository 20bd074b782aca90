import {
  ObjectDefineProperty,
  ObjectGetOwnPropertyDescriptor,
  ReflectOwnKeys,
} from './primordials.js';

type Callable = (this: never, ...args: never[]) => unknown;

/** Null, so that nothing on Object.prototype becomes part of a descriptor. */
const withoutPrototype = (descriptor: PropertyDescriptor): PropertyDescriptor =>
  ({ __proto__: null, ...descriptor }) as PropertyDescriptor;

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
 * this Node does not have it.
 */
export function replace<F extends Callable>(
  owner: object,
  name: PropertyKey,
  wrap: (original: F) => F,
): void {
  const descriptor = ObjectGetOwnPropertyDescriptor(owner, name);
  const original: unknown = descriptor?.value;
  if (descriptor === undefined || typeof original !== 'function') return;
  const replacement = wrap(original as F);
  resemble(replacement, original as F);
  ObjectDefineProperty(owner, name, withoutPrototype({ ...descriptor, value: replacement }));
}
