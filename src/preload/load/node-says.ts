import {
  ObjectFreeze,
  ObjectGetOwnPropertyDescriptor,
  ObjectGetPrototypeOf,
  ObjectHasOwn,
  ReflectOwnKeys,
  StringOf,
  StringPrototypeCharAt,
} from '../lib/primordials.js';
import { refused } from '../refused.js';

/*
 * Node's loaders write what they say to a hook, and keep the hooks themselves, by
 * plain assignments. An accessor on Object.prototype, or on an index of an array,
 * takes such a value, and answers something else in its place.
 */

const ObjectPrototype = Object.prototype;
const ArrayPrototype = Array.prototype as unknown as object;

function isAccessor(owner: object, key: PropertyKey): boolean {
  const descriptor = ObjectGetOwnPropertyDescriptor(owner, key);
  return descriptor !== undefined && !ObjectHasOwn(descriptor, 'value');
}

function refuseAccessor(name: string): never {
  throw refused(
    `an accessor for '${name}' on a prototype keeps Node's loader from saying what it loads`,
  );
}

/** What the loaders tell a hook, and pass on between two. */
const SAID = ['format', 'importAttributes', 'conditions', 'source'] as const;

let locked = false;

/**
 * Throws ExecDeniedError when what a load hook is told may not be what Node said.
 * The class of `context` is closed to changes when this is first called.
 */
export function refuseAccessorsOfLoads(context: object): void {
  const prototype = locked ? null : ObjectGetPrototypeOf(context);
  if (prototype !== null && prototype !== ObjectPrototype) {
    ObjectFreeze(prototype);
    locked = true;
  }
  for (let i = 0; i < SAID.length; i++) {
    const name = SAID[i] as string;
    if (isAccessor(ObjectPrototype, name)) refuseAccessor(name);
  }
}

const isIndex = (key: PropertyKey | undefined): boolean => {
  if (typeof key !== 'string') return false;
  const first = StringPrototypeCharAt(key, 0);
  return first >= '0' && first <= '9';
};

/** Throws ExecDeniedError when a hook that is registered now may not be the one that Node keeps. */
export function refuseAccessorsOfRegistration(): void {
  if (ObjectGetPrototypeOf(ArrayPrototype) !== ObjectPrototype) refuseAccessor('an index');
  // Indexes come first.
  if (isIndex(ReflectOwnKeys(ArrayPrototype)[0])) refuseAccessor('an index');
  const keys = ReflectOwnKeys(ObjectPrototype);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as PropertyKey;
    const isHookKey =
      typeof key === 'symbol' || isIndex(key) || key === 'resolve' || key === 'load';
    if (isHookKey && isAccessor(ObjectPrototype, key)) refuseAccessor(StringOf(key));
  }
}
