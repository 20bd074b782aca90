import { indexesAreIntact } from '../lib/arrays.js';
import {
  ObjectDefineProperty,
  ObjectFreeze,
  ObjectGetOwnPropertyDescriptor,
  ObjectGetPrototypeOf,
  ObjectHasOwn,
  ReflectOwnKeys,
  StringOf,
} from '../lib/primordials.js';
import { refused } from '../refused.js';
import {
  moduleExports,
  type Hooks,
  type LoadHook,
  type LoadResult,
  type RegisteredHooks,
} from './node-module.js';

/*
 * Node's loaders write what they say to a hook, and keep the hooks themselves, by
 * plain assignments. An accessor on Object.prototype, or on an index of an array,
 * takes such a value, and answers something else in its place.
 */

const ObjectPrototype = Object.prototype;

function isAccessor(owner: object, key: PropertyKey): boolean {
  const descriptor = ObjectGetOwnPropertyDescriptor(owner, key);
  return descriptor !== undefined && !ObjectHasOwn(descriptor, 'value');
}

function refuseAccessor(name: string): never {
  throw refused(
    `an accessor for ${name} on a prototype stands between Node's loader and its hooks. Take it away before anything is loaded`,
  );
}

/** What the loaders tell a hook, and pass on between two. */
const SAID = ['format', 'importAttributes', 'conditions', 'source'] as const;

/** Throws ExecDeniedError when what a load hook is told may not be what Node said. */
export function refuseAccessorsOfLoads(): void {
  for (let i = 0; i < SAID.length; i++) {
    const name = SAID[i] as string;
    if (isAccessor(ObjectPrototype, name)) refuseAccessor(`'${name}'`);
  }
}

/**
 * The prototype of what Node tells a load hook, which no module exports. A hook is
 * called with one: here for a load that reads nothing.
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
 * Makes every load begin with a look at the indexes of arrays. Node puts its chain of
 * hooks together in an array, so an accessor on an index can take a hook out before any
 * hook is called. The first thing that Node does for a load is to say the format.
 */
export function refuseIndexesBeforeLoads(contexts: object | null): void {
  if (contexts === null || contexts === ObjectPrototype) {
    throw refused(`Node ${process.version} says in another way than those before what it loads`);
  }
  ObjectDefineProperty(contexts, 'format', {
    __proto__: null,
    set(this: object, value: unknown) {
      if (!indexesAreIntact()) refuseAccessor('an index');
      ObjectDefineProperty(this, 'format', {
        __proto__: null,
        value,
        writable: true,
        enumerable: true,
        configurable: true,
      } as PropertyDescriptor);
    },
    enumerable: false,
    configurable: false,
  } as object as PropertyDescriptor);
  ObjectFreeze(contexts);
}

/** Throws ExecDeniedError when a hook that is registered now may not be the one that Node keeps. */
export function refuseAccessorsOfRegistration(): void {
  if (!indexesAreIntact()) refuseAccessor('an index');
  const keys = ReflectOwnKeys(ObjectPrototype);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as PropertyKey;
    const isHookKey = typeof key === 'symbol' || key === 'resolve' || key === 'load';
    if (isHookKey && isAccessor(ObjectPrototype, key)) refuseAccessor(`'${StringOf(key)}'`);
  }
}
