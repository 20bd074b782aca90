/* eslint-disable @typescript-eslint/unbound-method -- each is given its `this` as first argument */
import { uncurryThis, type StringMethod } from '../../primordials.js';

/**
 * The language's functions as they were before the program ran. A program can replace any
 * method of a built-in prototype. So code that makes decisions after the program has run
 * uses only these, own properties and indexes: no iteration, no method.
 */
export {
  StringPrototypeCharAt,
  StringPrototypeCharCodeAt,
  StringPrototypeIndexOf,
  StringPrototypeSlice,
  StringPrototypeStartsWith,
  uncurryThis,
} from '../../primordials.js';

export const ErrorCaptureStackTrace = Error.captureStackTrace;
export const ReflectApply = Reflect.apply;
export const ReflectConstruct = Reflect.construct;
export const ReflectGet = Reflect.get;
export const ReflectOwnKeys = Reflect.ownKeys;
export const ObjectDefineProperty = Object.defineProperty;
export const ObjectFreeze = Object.freeze;
export const ObjectHasOwn = Object.hasOwn;
export const ObjectValues = Object.values as (of: readonly string[]) => string[];
export const ArrayIsArray = Array.isArray;
export const StringOf = String;
export const BigIntOf = BigInt;
export const EncodeURI = encodeURI;
export const JSONParse = JSON.parse as (text: string) => unknown;
export const SafeProxy = Proxy;

const string = String.prototype;
export const StringPrototypeEndsWith = uncurryThis(
  string.endsWith as StringMethod<[search: string], boolean>,
);
export const StringPrototypeIncludes = uncurryThis(
  string.includes as StringMethod<[search: string], boolean>,
);
export const StringPrototypeToLowerCase = uncurryThis(
  string.toLowerCase as StringMethod<[], string>,
);
export const StringPrototypeReplace = uncurryThis(
  string.replace as StringMethod<[search: string, by: string], string>,
);

const buffer = Buffer.prototype as Buffer;
export const BufferPrototypeUtf8Slice = uncurryThis(
  (buffer as unknown as { utf8Slice: (this: Buffer, from: number, to: number) => string })
    .utf8Slice,
);
export const BufferPrototypeBase64Slice = uncurryThis(
  (buffer as unknown as { base64Slice: (this: Uint8Array, from: number, to: number) => string })
    .base64Slice,
);
export const BufferPrototypeEquals = uncurryThis(buffer.equals);
export const ArrayBufferIsView = ArrayBuffer.isView as (value: unknown) => value is Uint8Array;

export const ObjectGetPrototypeOf = Object.getPrototypeOf as (object: object) => object | null;
export const ObjectGetOwnPropertyDescriptor = Object.getOwnPropertyDescriptor;
export const ObjectSetPrototypeOf = Object.setPrototypeOf;
/** Returns whether it succeeded, and throws nothing. */
export const ReflectDefineProperty = Reflect.defineProperty;
export const ReflectDeleteProperty = Reflect.deleteProperty;
