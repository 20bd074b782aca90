/* eslint-disable @typescript-eslint/unbound-method -- compared, never called */
import { append } from '../lib/append.js';
import { builtin } from '../lib/builtins.js';
import {
  ObjectGetOwnPropertyDescriptor,
  ObjectGetPrototypeOf,
  ObjectHasOwn,
  ReflectOwnKeys,
} from '../lib/primordials.js';

/*
 * Node strips types with JavaScript and WebAssembly of its own. They call functions that
 * every program can replace: TextDecoder, Buffer.from, methods of strings and typed arrays.
 * The result can be trusted while all of these are as they were before the program ran.
 */

/** What Node's code begins with. Whatever it reaches from there is remembered too. */
const globals = (): readonly string[] => [
  'Object',
  'Function',
  'Array',
  'String',
  'Number',
  'Boolean',
  'Symbol',
  'BigInt',
  'RegExp',
  'Error',
  'Map',
  'WeakMap',
  'Set',
  'JSON',
  'Math',
  'Reflect',
  'Proxy',
  'ArrayBuffer',
  'SharedArrayBuffer',
  'Uint8Array',
  'Uint16Array',
  'Int32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
  'DataView',
  'FinalizationRegistry',
  'TextDecoder',
  'TextEncoder',
  'Buffer',
  'WebAssembly',
];

const ObjectPrototype = Object.prototype;
const SeenObjects = Set<object>;
const Symbols: object = Symbol;
// eslint-disable-next-line no-restricted-syntax -- its class has no other name
const iteratorPrototype = ObjectGetPrototypeOf([][Symbol.iterator]()) as object;

/** An object as it was. The values are functions and objects, or the getters that read them. */
interface Shape {
  readonly owner: object;
  readonly prototype: object | null;
  readonly keys: readonly PropertyKey[];
  readonly values: readonly unknown[];
}

const shapes: Shape[] = [];
/** The symbols that operators of the language look for. */
const ofTheLanguage = { __proto__: null } as unknown as Record<symbol, true>;
/** The properties of globals and of modules that hold what is remembered. */
const holders: { readonly owner: object; readonly key: string; readonly value: unknown }[] = [];

const isObject = (value: unknown): value is object =>
  typeof value === 'function' || (typeof value === 'object' && value !== null);

function valueOf(owner: object, key: PropertyKey): unknown {
  const descriptor = ObjectGetOwnPropertyDescriptor(owner, key);
  if (descriptor === undefined) return undefined;
  return ObjectHasOwn(descriptor, 'value') ? descriptor.value : descriptor.get;
}

function remember(first: unknown, seen: Set<object>): void {
  const found = [first];
  for (let next = 0; next < found.length; next++) {
    const owner = found[next];
    if (!isObject(owner) || seen.has(owner)) continue;
    seen.add(owner);
    const keys = ReflectOwnKeys(owner);
    const values: unknown[] = [];
    for (let i = 0; i < keys.length; i++) {
      const value = valueOf(owner, keys[i] as PropertyKey);
      append(values, value);
      append(found, value);
    }
    const prototype = ObjectGetPrototypeOf(owner);
    append(found, prototype);
    append(shapes, { owner, prototype, keys, values });
  }
}

/** Call this before the program runs, after the preload has replaced its functions. */
export function rememberLanguage(): void {
  const seen = new SeenObjects();
  const keys = ReflectOwnKeys(Symbols);
  for (let i = 0; i < keys.length; i++) {
    const symbol = valueOf(Symbols, keys[i] as PropertyKey);
    if (typeof symbol === 'symbol') ofTheLanguage[symbol] = true;
  }
  const hold = (owner: object, key: string): void => {
    const value = valueOf(owner, key);
    append(holders, { owner, key, value });
    remember(value, seen);
  };
  const names = globals();
  for (let i = 0; i < names.length; i++) hold(globalThis, names[i] as string);
  remember(iteratorPrototype, seen);
  // Node's own code gets these from its modules.
  const util = builtin<object>('node:util');
  hold(util, 'TextDecoder');
  hold(util, 'TextEncoder');
  hold(builtin<object>('node:buffer'), 'Buffer');
}

/**
 * Whether a new property could come between Node and what it reads. One that hides no other, and
 * that no operator of the language looks for, could not. Every object has those of the last
 * prototype.
 */
function isInTheWay({ owner, prototype }: Shape, key: PropertyKey): boolean {
  if (owner === ObjectPrototype) return true;
  if (typeof key === 'symbol') return key in ofTheLanguage;
  if (prototype !== null && key in prototype) return true;
  const descriptor = ObjectGetOwnPropertyDescriptor(owner, key);
  return descriptor !== undefined && !ObjectHasOwn(descriptor, 'value');
}

function hasMore(shape: Shape, keys: readonly PropertyKey[]): boolean {
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as PropertyKey;
    let isKnown = false;
    for (let j = 0; j < shape.keys.length; j++) if (shape.keys[j] === key) isKnown = true;
    if (!isKnown && isInTheWay(shape, key)) return true;
  }
  return false;
}

function isIntact(shape: Shape): boolean {
  const { owner, prototype, keys, values } = shape;
  if (ObjectGetPrototypeOf(owner) !== prototype) return false;
  for (let i = 0; i < keys.length; i++) {
    const value = values[i];
    if (isObject(value) && valueOf(owner, keys[i] as PropertyKey) !== value) return false;
  }
  const now = ReflectOwnKeys(owner);
  return now.length === keys.length || !hasMore(shape, now);
}

/** Whether every function of the language is still the original, and the first one to be found. */
export function isLanguageIntact(): boolean {
  for (let i = 0; i < holders.length; i++) {
    const { owner, key, value } = holders[i] as (typeof holders)[number];
    if (valueOf(owner, key) !== value) return false;
  }
  for (let i = 0; i < shapes.length; i++) if (!isIntact(shapes[i] as Shape)) return false;
  return true;
}
