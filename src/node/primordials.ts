/* eslint-disable @typescript-eslint/unbound-method -- each is given its `this` as first argument */
/**
 * The language's functions as they were before the program ran. A program can
 * replace any method of a built-in prototype, so what decides after it has run
 * calls only these, own properties and indexes: no iteration, no method.
 */
const { bind, call } = Function.prototype;
type Method = (this: never, ...args: never[]) => unknown;
type Uncurried<T extends Method> = (
  self: ThisParameterType<T>,
  ...args: Parameters<T>
) => ReturnType<T>;
export const uncurryThis = bind.bind(call) as unknown as <T extends Method>(
  method: T,
) => Uncurried<T>;

export const captureStackTrace = Error.captureStackTrace;
export const reflectApply = Reflect.apply;
export const reflectConstruct = Reflect.construct;
export const defineProperty = Object.defineProperty;
export const freeze = Object.freeze;
export const hasOwn = Object.hasOwn;
export const isArray = Array.isArray;
export const toStringOf = String;
export const SafeProxy = Proxy;

type StringMethod<A extends unknown[], R> = (this: string, ...args: A) => R;
const string = String.prototype;
export const startsWith = uncurryThis(
  string.startsWith as StringMethod<[search: string, at?: number], boolean>,
);
export const includes = uncurryThis(string.includes as StringMethod<[search: string], boolean>);
export const indexOf = uncurryThis(
  string.indexOf as StringMethod<[search: string, from?: number], number>,
);
export const slice = uncurryThis(string.slice as StringMethod<[from: number, to?: number], string>);
export const charAt = uncurryThis(string.charAt as StringMethod<[at: number], string>);

export const replace = uncurryThis(
  string.replace as StringMethod<[search: string, by: string], string>,
);

const buffer = Buffer.prototype as Buffer;
export const bytesIndexOf = uncurryThis(buffer.indexOf);
export const bytesEqual = uncurryThis(buffer.equals);
export const bytesSlice = uncurryThis(
  Uint8Array.prototype.slice as (this: Uint8Array) => Uint8Array,
);
export const isView = ArrayBuffer.isView as (value: unknown) => value is Uint8Array;

const weakMap = WeakMap.prototype as WeakMap<object, unknown>;
export const weakGet = uncurryThis(weakMap.get);
export const weakSet = uncurryThis(weakMap.set);

export const getPrototypeOf = Object.getPrototypeOf as (object: object) => object | null;
export const getOwnPropertyDescriptor = Object.getOwnPropertyDescriptor;
/** Says whether it could, and throws nothing. */
export const tryDefineProperty = Reflect.defineProperty;
