import { anythingIsEnforced } from '../../policy.js';
import { refuseOrTell } from '../refused.js';
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
 * Node's internal modules. Node gives them to no program, but it makes an object of any class of
 * theirs where a program clones one of Node's objects and says so by a symbol of Node's. The
 * preload comes in that way first, and guard/clones.ts then closes it.
 */

/** Node's record of one of its own modules, which no program gets. */
interface BuiltinModule {
  compileForInternalLoader: () => unknown;
  exports: unknown;
  loaded: boolean;
}
interface BuiltinModules {
  readonly map?: { get: (id: string) => BuiltinModule | undefined };
}
type Bind = (name: string) => unknown;

/** Says to Node what a clone is made of. A method with this key stands on an object of Node's. */
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

/** Calls `run` while Object.prototype has a property that it has not otherwise. */
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

/** Takes Node's bindings from the module that has them for Node's tests, and leaves it as it was. */
function takeBinding(giving: BuiltinModule): Bind {
  // To a preload it would give what it exports as globals, which the program would find.
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
 * Undefined where this Node gives the preload nothing: then it can close nothing. A restriction
 * throws ExecDeniedError, and a log tells of it.
 */
export function internals(): Internals | undefined {
  opened ??= open();
  if (opened === undefined) {
    refuseOrTell(
      'start',
      'start',
      strict || anythingIsEnforced(),
      `the inside of Node ${process.version} cannot be guarded: Object.prototype is frozen, or this Node is newer than mayexec. Freeze nothing before a restriction is in force`,
    );
  }
  return opened;
}
