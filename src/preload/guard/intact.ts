/* eslint-disable @typescript-eslint/unbound-method -- compared, never called */
import { builtin } from '../lib/builtins.js';
import {
  ObjectGetOwnPropertyDescriptor,
  ObjectGetPrototypeOf,
  ObjectHasOwn,
} from '../lib/primordials.js';

const { getOwnPropertyNames, prototype: ObjectPrototype } = Object;
const ArrayPrototype = Array.prototype as object;
const Bytes = Uint8Array;
// eslint-disable-next-line no-restricted-syntax -- its class has no other name
const iteratorPrototype = ObjectGetPrototypeOf([][Symbol.iterator]()) as object;

/*
 * Node strips types with JavaScript and WebAssembly of its own. They call functions that
 * every program can replace: TextDecoder, Buffer.from, methods of strings and typed arrays.
 * The result can be trusted while all of these are as they were before the program ran.
 */

interface Property {
  readonly owner: object;
  readonly name: string;
  /** The value itself, or the getter that reads it. */
  readonly value: unknown;
}

const properties: Property[] = [];
const GLOBALS = [
  'Object',
  'Function',
  'Array',
  'String',
  'Number',
  'Boolean',
  'Symbol',
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

/** The function that a descriptor holds. Other values do not matter here. */
function valueOf(owner: object, name: string): unknown {
  const descriptor = ObjectGetOwnPropertyDescriptor(owner, name);
  if (descriptor === undefined) return undefined;
  return ObjectHasOwn(descriptor, 'value') ? descriptor.value : descriptor.get;
}

function remember(owner: object): void {
  for (const name of getOwnPropertyNames(owner)) {
    const value = valueOf(owner, name);
    if (typeof value === 'function') properties.push({ owner, name, value });
  }
}

/** Call this before the program runs, after the preload has replaced its functions. */
export function rememberLanguage(): void {
  const all = globalThis as unknown as Record<string, object & { prototype?: object }>;
  for (const name of GLOBALS) {
    const owner = all[name] as object & { prototype?: object };
    properties.push({ owner: globalThis, name, value: valueOf(globalThis, name) });
    remember(owner);
    if (owner.prototype !== undefined) remember(owner.prototype);
  }
  const typedArray = ObjectGetPrototypeOf(Bytes) as { prototype: object };
  remember(typedArray);
  remember(typedArray.prototype);
  remember(iteratorPrototype);
  // Node's own code gets these from its modules.
  const util = builtin<object>('node:util');
  for (const name of ['TextDecoder', 'TextEncoder']) {
    properties.push({ owner: util, name, value: valueOf(util, name) });
  }
  const buffer = builtin<object>('node:buffer');
  properties.push({ owner: buffer, name: 'Buffer', value: Buffer });
}

/** Whether a new accessor exists: it could keep an element from being stored in an array. */
function hasNewAccessor(prototype: object): boolean {
  const names = getOwnPropertyNames(prototype);
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as string;
    if (name === '__proto__') continue;
    const descriptor = ObjectGetOwnPropertyDescriptor(prototype, name) as PropertyDescriptor;
    if (!ObjectHasOwn(descriptor, 'value')) return true;
  }
  return false;
}

/** Whether every function of the language is still the original. */
export function isLanguageIntact(): boolean {
  for (let i = 0; i < properties.length; i++) {
    const { owner, name, value } = properties[i] as Property;
    if (valueOf(owner, name) !== value) return false;
  }
  return !hasNewAccessor(ObjectPrototype) && !hasNewAccessor(ArrayPrototype);
}
