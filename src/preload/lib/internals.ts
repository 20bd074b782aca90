import { anythingIsEnforced } from '../../policy.js';
import { decideUnchecked } from '../refused.js';
import { strict } from '../settings.js';
import { plainProperty } from './plain-property.js';
import {
  ObjectDefineProperty,
  ObjectGetOwnPropertyDescriptor,
  ReflectDefineProperty,
  ReflectDeleteProperty,
  ReflectOwnKeys,
} from './primordials.js';
import { undisturbed } from './undisturbed.js';

/*
 * Node's internal modules. Node gives them to no program. But it creates an object of any of their
 * classes when a program clones one of Node's objects, and names the class by a method with a
 * symbol of Node's as its key. The preload uses this way first, and guard/clones.ts then closes it.
 */

/** Node's own record of one of its modules. */
interface BuiltinModule {
  compileForInternalLoader: () => unknown;
  exports: unknown;
  loaded: boolean;
}
interface BuiltinModules {
  readonly map?: { get: (id: string) => BuiltinModule | undefined };
}
type Bind = (name: string) => unknown;

/** The method by which an object tells Node how to clone it. */
type CloneOf = () => { data: object; deserializeInfo: string };

export interface Internals {
  /** The exports of a module, which is loaded now if necessary. */
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller knows
  readonly load: <T>(id: string) => T;
  /** Gives a module other exports. Node's modules that have the old ones keep them. */
  readonly setExports: (id: string, exports: unknown) => void;
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the same
  readonly binding: <T>(name: string) => T;
  /** The key of the method by which Node fills a clone. */
  readonly deserialize: symbol;
}

const ObjectPrototype = Object.prototype;
const REALM = 'internal/bootstrap/realm';

/** Calls `run` while Object.prototype has one more property. */
function withInherited(key: PropertyKey, property: PropertyDescriptor, run: () => void): void {
  const before = ObjectGetOwnPropertyDescriptor(ObjectPrototype, key);
  const own = { __proto__: null, enumerable: false, ...property, configurable: true };
  if (!ReflectDefineProperty(ObjectPrototype, key, own as PropertyDescriptor)) return;
  try {
    run();
  } finally {
    if (before === undefined) ReflectDeleteProperty(ObjectPrototype, key);
    else ObjectDefineProperty(ObjectPrototype, key, before);
  }
}

function symbolOf(owner: object, description: string): symbol | undefined {
  const keys = ReflectOwnKeys(owner);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i];
    if (typeof key === 'symbol' && key.description === description) return key;
  }
  return undefined;
}

/** The class of Node's modules, from the object that Node makes for a clone. */
function classOfModules(deserialize: symbol): BuiltinModules | undefined {
  const exception = new DOMException('');
  const clone = symbolOf(DOMException.prototype, 'messaging_clone_symbol');
  if (clone === undefined) return undefined;
  const cloneOf: CloneOf = () => ({
    data: {},
    deserializeInfo: `${REALM}:BuiltinModule`,
  });
  ObjectDefineProperty(exception, clone, plainProperty(cloneOf));
  const seen: { made?: { constructor: BuiltinModules } } = {};
  // The first step of its constructor is to write this property.
  const property: PropertyDescriptor = {
    set(this: { constructor: BuiltinModules }) {
      seen.made = this;
    },
  };
  withInherited(deserialize, { value: () => undefined, writable: true }, () => {
    withInherited('filename', property, () => {
      structuredClone(exception);
    });
  });
  return seen.made?.constructor;
}

/**
 * Takes Node's bindings from the module that Node's own tests use, and leaves that module as it
 * was.
 */
function takeBinding(giving: BuiltinModule): Bind {
  // During a preload it would export them as globals, which the program would find.
  ObjectDefineProperty(giving, 'isPreloading', plainProperty(false));
  // It prints a warning.
  const { internalBinding } = undisturbed(
    process,
    'emitWarning',
    () => undefined,
    () => giving.compileForInternalLoader(),
  ) as { internalBinding: Bind };
  ReflectDeleteProperty(giving, 'isPreloading');
  giving.loaded = false;
  giving.exports = {};
  return internalBinding;
}

function open(): Internals | undefined {
  const deserialize = symbolOf(DOMException.prototype, 'messaging_deserialize_symbol');
  if (deserialize === undefined) return undefined;
  const BuiltinModule = classOfModules(deserialize);
  const map = BuiltinModule?.map;
  if (map === undefined) return undefined;
  const moduleOf = (id: string): BuiltinModule => {
    const module = map.get(id);
    if (module === undefined) throw new TypeError(`Node ${process.version} has no module ${id}`);
    return module;
  };
  const internalBinding = takeBinding(moduleOf('internal/test/binding'));
  // Node makes the exports of this module by hand.
  const realm = { __proto__: null, internalBinding, BuiltinModule };
  const load = (id: string): unknown =>
    id === REALM ? realm : moduleOf(id).compileForInternalLoader();
  return {
    load: load as Internals['load'],
    setExports(id, exports) {
      moduleOf(id).exports = exports;
    },
    binding: internalBinding as Internals['binding'],
    deserialize,
  };
}

let opened: Internals | undefined;

/**
 * Undefined where this Node does not give them. Then nothing can be closed, so a restriction throws
 * ExecDeniedError, and a log records it.
 */
export function internals(): Internals | undefined {
  opened ??= open();
  if (opened === undefined) {
    decideUnchecked(
      'start',
      'start',
      strict || anythingIsEnforced(),
      `the inside of Node ${process.version} cannot be guarded: Object.prototype is frozen, or this Node is newer than mayexec. Freeze nothing before a restriction is in force`,
    );
  }
  return opened;
}
