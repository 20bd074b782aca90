import { append } from '../lib/append.js';
import { inPlaceOf } from '../lib/in-place-of.js';
import { firstIndexesAreIntact, indexesAreIntact } from '../lib/arrays.js';
import { plainProperty } from '../lib/plain-property.js';
import {
  ObjectDefineProperty,
  ObjectFreeze,
  ObjectGetOwnPropertyDescriptor,
  ObjectGetPrototypeOf,
  ReflectConstruct,
  ReflectOwnKeys,
} from '../lib/primordials.js';
import { replaceValue } from '../lib/replace.js';
import { hooksAreFromBefore } from './patched-fs.js';
import { filesAreRestricted } from '../../policy.js';
import { refuseUnchecked, decideUnchecked } from '../refused.js';
import {
  moduleExports,
  type Hooks,
  type LoadHook,
  type LoadResult,
  type RegisteredHooks,
} from './node-module.js';

/*
 * The prototypes of two classes of Node's that no module exports: what registerHooks returns, and
 * the context that a load hook is called with. An accessor on them would stand between Node's
 * loader and its hooks. So they are frozen under a restriction. With a log alone the program may
 * change them, and the log records that.
 */

type Class = new (...args: unknown[]) => object;

interface Property {
  readonly value?: unknown;
  readonly get?: unknown;
  readonly set?: unknown;
}

/** A prototype as it was before the program ran. */
interface Shape {
  readonly owner: object;
  readonly prototype: unknown;
  readonly keys: readonly PropertyKey[];
  readonly properties: readonly Property[];
}

let shapes: Shape[] = [];
const ObjectPrototype = Object.prototype;

/** A descriptor without a prototype, so that it inherits no field. */
const propertyOf = (owner: object, key: PropertyKey): Property =>
  ({ __proto__: null, ...ObjectGetOwnPropertyDescriptor(owner, key) }) as Property;

function remember(owner: object): void {
  const prototype = ObjectGetPrototypeOf(owner);
  const keys = ReflectOwnKeys(owner);
  const properties: Property[] = [];
  for (let i = 0; i < keys.length; i++) {
    append(properties, propertyOf(owner, keys[i] as PropertyKey));
  }
  append(shapes, { owner, prototype, keys, properties });
}

function isIntact({ owner, prototype, keys, properties }: Shape): boolean {
  if (ObjectGetPrototypeOf(owner) !== prototype) return false;
  if (ReflectOwnKeys(owner).length !== keys.length) return false;
  for (let i = 0; i < keys.length; i++) {
    const now = propertyOf(owner, keys[i] as PropertyKey);
    const before = properties[i] as Property;
    const isSame = now.value === before.value && now.get === before.get && now.set === before.set;
    if (!isSame) return false;
  }
  return true;
}

function refuseChange(what: string): void {
  decideUnchecked(
    'load',
    'hook',
    filesAreRestricted(),
    `${what} stands between Node's loader and its hooks. Take it away before anything is loaded`,
  );
}

/** Reports, or throws ExecDeniedError, when the program has changed one of the classes. */
export function refuseChangedClasses(): void {
  for (let i = 0; i < shapes.length; i++) {
    if (!isIntact(shapes[i] as Shape)) refuseChange("a change to the class of Node's hooks");
  }
}

/**
 * The prototype of the contexts that Node passes to a load hook. A hook is called with such a
 * context, here for a load that reads nothing.
 */
function prototypeOfContexts(register: (hooks: Hooks) => RegisteredHooks): object | null {
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

/** The preload's own hooks, and the step of Node's loader behind all of them. */
const OWN_STEPS = 5;
/** To ask about more indexes takes longer than to list all keys. */
const MANY_STEPS = 64;
/** No chain of hooks has more steps. */
let steps = OWN_STEPS;

/** Call this before the program registers hooks. */
export function noteHooks(): void {
  steps++;
}

const indexesOfChainAreIntact = (): boolean =>
  steps > MANY_STEPS || hooksAreFromBefore() ? indexesAreIntact() : firstIndexesAreIntact(steps);

/**
 * Checks the indexes of arrays at the start of every load. Node builds its chain of hooks
 * in an array, so an accessor on an index can remove a hook before any hook is called. The
 * first step of a load in Node is to write the format.
 */
function refuseIndexesBeforeLoads(contexts: object): void {
  ObjectDefineProperty(contexts, 'format', {
    __proto__: null,
    set(this: object, value: unknown) {
      if (!indexesOfChainAreIntact()) refuseChange('an accessor for an index on a prototype');
      ObjectDefineProperty(this, 'format', plainProperty(value));
    },
    enumerable: false,
    configurable: true,
  } as object as PropertyDescriptor);
}

/** Hooks that are made by their class escape the comparison of program-hooks.ts. */
function guardConstructor(prototype: object): void {
  const original = (prototype as { constructor: Class }).constructor;
  const guarded = inPlaceOf(original, {
    construct(_, args, newTarget) {
      refuseChange("a hook that was made by the class of Node's hooks, and not by registerHooks,");
      return ReflectConstruct(original, args, newTarget);
    },
  });
  replaceValue(prototype, 'constructor', guarded);
}

/** The two ways to treat the classes. The program gets one of them with its first hook. */
export interface HookClasses {
  /** The log records what the program does to them. */
  readonly watch: () => void;
  /** The program cannot change them. */
  readonly freeze: () => void;
}

export function hookClasses(
  register: (hooks: Hooks) => RegisteredHooks,
  handle: RegisteredHooks,
): HookClasses {
  const handles = ObjectGetPrototypeOf(handle) as object;
  guardConstructor(handles);
  const contexts = prototypeOfContexts(register);
  let isWatched = false;
  const watch = (): void => {
    if (contexts === null || contexts === ObjectPrototype) {
      refuseUnchecked(
        'start',
        'start',
        `Node ${process.version} passes other values to its load hooks than the versions before`,
      );
    }
    if (isWatched) return;
    isWatched = true;
    refuseIndexesBeforeLoads(contexts);
    remember(handles);
    remember(contexts);
  };
  const freeze = (): void => {
    watch();
    ObjectFreeze(handles);
    ObjectFreeze(contexts);
    // What is frozen stays as it is.
    shapes = [];
  };
  return { watch, freeze };
}
