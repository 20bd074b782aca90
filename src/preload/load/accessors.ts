import { indexesAreIntact } from '../lib/arrays.js';
import { plainProperty } from '../lib/plain-property.js';
import {
  ObjectDefineProperty,
  ObjectFreeze,
  ObjectGetOwnPropertyDescriptor,
  ObjectGetPrototypeOf,
  ObjectHasOwn,
  ReflectOwnKeys,
  StringOf,
} from '../lib/primordials.js';
import { filesAreRestricted } from '../../policy.js';
import { refused, refuseOrTell } from '../refused.js';
import {
  moduleExports,
  type Hooks,
  type LoadHook,
  type LoadResult,
  type RegisteredHooks,
} from './node-module.js';

/*
 * Node's loaders use plain assignments to fill the objects for a hook, and to store the
 * hooks. An accessor on Object.prototype, or on an index of an array, intercepts such a
 * value and returns another one.
 */

const ObjectPrototype = Object.prototype;

function isAccessor(owner: object, key: PropertyKey): boolean {
  const descriptor = ObjectGetOwnPropertyDescriptor(owner, key);
  return descriptor !== undefined && !ObjectHasOwn(descriptor, 'value');
}

function refuseAccessor(name: string): void {
  refuseOrTell(
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
}

/**
 * The prototype of the contexts that Node passes to a load hook. No module exports it. A
 * hook is called with such a context, here for a load that reads nothing.
 */
export function prototypeOfContexts(register: (hooks: Hooks) => RegisteredHooks): object | null {
  const seen: { prototype: object | null } = { prototype: null };
  const load: LoadHook = (_url, context) => {
    seen.prototype = ObjectGetPrototypeOf(context);
    return { __proto__: null, source: '{}', format: 'json', shortCircuit: true } as LoadResult;
  };
  const hooks = register({ __proto__: null, load, resolve: undefined } as Hooks);
  moduleExports._extensions['.json']({ __proto__: null }, '/mayexec.json');
  hooks.deregister();
  return seen.prototype;
}

/**
 * Checks the indexes of arrays at the start of every load. Node builds its chain of hooks
 * in an array, so an accessor on an index can remove a hook before any hook is called. The
 * first step of a load in Node is to write the format.
 */
export function refuseIndexesBeforeLoads(contexts: object | null): void {
  if (contexts === null || contexts === ObjectPrototype) {
    throw refused(
      `Node ${process.version} passes other values to its load hooks than the versions before`,
    );
  }
  ObjectDefineProperty(contexts, 'format', {
    __proto__: null,
    set(this: object, value: unknown) {
      if (!indexesAreIntact()) refuseAccessor('an index');
      ObjectDefineProperty(this, 'format', plainProperty(value));
    },
    enumerable: false,
    configurable: false,
  } as object as PropertyDescriptor);
  ObjectFreeze(contexts);
}

/**
 * Reports, or throws ExecDeniedError, when Node may store another hook than the one being
 * registered.
 */
export function refuseAccessorsOfRegistration(): void {
  if (!indexesAreIntact()) refuseAccessor('an index');
  const keys = ReflectOwnKeys(ObjectPrototype);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as PropertyKey;
    const isHookKey = typeof key === 'symbol' || key === 'resolve' || key === 'load';
    if (isHookKey && isAccessor(ObjectPrototype, key)) refuseAccessor(`'${StringOf(key)}'`);
  }
}
