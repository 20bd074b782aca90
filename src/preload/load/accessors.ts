import { indexesAreIntact } from '../lib/arrays.js';
import {
  ObjectGetOwnPropertyDescriptor,
  ObjectHasOwn,
  ReflectOwnKeys,
  StringOf,
} from '../lib/primordials.js';
import { filesAreRestricted } from '../../policy.js';
import { decideUnchecked } from '../refused.js';
import { refuseChangedClasses } from './hook-classes.js';

/*
 * Node's loaders use plain assignments to fill the objects for a hook, and to store the
 * hooks. An accessor on Object.prototype, or on an index of an array, intercepts such a
 * value and returns another one.
 */

const ObjectPrototype = Object.prototype;

function isAccessor(owner: object, key: PropertyKey): boolean {
  // Asking for a descriptor that is not there takes longer.
  if (!ObjectHasOwn(owner, key)) return false;
  const descriptor = ObjectGetOwnPropertyDescriptor(owner, key);
  return descriptor !== undefined && !ObjectHasOwn(descriptor, 'value');
}

function refuseAccessor(name: string): void {
  decideUnchecked(
    'load',
    'hook',
    filesAreRestricted(),
    `an accessor for ${name} on a prototype stands between Node's loader and its hooks. Remove it before any module is loaded`,
  );
}

/** The properties that the loaders pass to a hook, or from one hook to the next. */
const SAID = ['format', 'importAttributes', 'conditions', 'source'] as const;

/** Reports, or throws ExecDeniedError, when a load hook may receive other values than Node's. */
export function refuseAccessorsOfLoads(): void {
  for (let i = 0; i < SAID.length; i++) {
    const name = SAID[i] as string;
    if (isAccessor(ObjectPrototype, name)) refuseAccessor(`'${name}'`);
  }
  refuseChangedClasses();
}

/**
 * Reports, or throws ExecDeniedError, when Node may store another hook than the one being
 * registered.
 */
export function refuseAccessorsOfRegistration(): void {
  refuseChangedClasses();
  if (!indexesAreIntact()) refuseAccessor('an index');
  const keys = ReflectOwnKeys(ObjectPrototype);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as PropertyKey;
    const isHookKey = typeof key === 'symbol' || key === 'resolve' || key === 'load';
    if (isHookKey && isAccessor(ObjectPrototype, key)) refuseAccessor(`'${StringOf(key)}'`);
  }
}
