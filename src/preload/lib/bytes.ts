/* eslint-disable @typescript-eslint/unbound-method -- each is given its `this` as first argument */
import { shared } from '../../shared-buffer.js';
import {
  ArrayBufferIsView,
  BufferPrototypeUtf8Slice,
  ObjectGetOwnPropertyDescriptor,
  ObjectGetPrototypeOf,
  uncurryThis,
} from './primordials.js';

type Getter = (this: unknown) => unknown;
type Read<T> = (self: unknown) => T;

/**
 * A getter of the language. It reads the object itself, and throws for an object of another
 * kind.
 */
function getter<T>(prototype: object, name: PropertyKey): Read<T> {
  const { get } = ObjectGetOwnPropertyDescriptor(prototype, name) as { get: Getter };
  return uncurryThis(get) as unknown as Read<T>;
}

const Bytes = Uint8Array;
const typedArray = Object.getPrototypeOf(Uint8Array.prototype) as Uint8Array;
const TypedArrayPrototypeSet = uncurryThis(typedArray.set);
/** Undefined for anything but a typed array. */
const TypedArrayPrototypeGetTag = getter<string | undefined>(typedArray, Symbol.toStringTag);

interface Part {
  readonly buffer: Read<ArrayBuffer>;
  readonly byteOffset: Read<number>;
  readonly byteLength: Read<number>;
}
const partOf = (prototype: object): Part => ({
  buffer: getter(prototype, 'buffer'),
  byteOffset: getter(prototype, 'byteOffset'),
  byteLength: getter(prototype, 'byteLength'),
});
const ofTypedArray = partOf(typedArray);
const ofDataView = partOf(DataView.prototype);
const ArrayBufferPrototypeGetByteLength = getter<number>(ArrayBuffer.prototype, 'byteLength');
const SharedArrayBufferPrototypeGetByteLength =
  shared && getter<number>(ObjectGetPrototypeOf(shared) as object, 'byteLength');

function lengthOfBuffer(buffer: unknown): number | undefined {
  try {
    return ArrayBufferPrototypeGetByteLength(buffer);
  } catch {
    // The object is of another kind.
  }
  try {
    return SharedArrayBufferPrototypeGetByteLength?.(buffer);
  } catch {
    return undefined;
  }
}

function view(data: unknown): Uint8Array | undefined {
  if (!ArrayBufferIsView(data)) {
    const length = lengthOfBuffer(data);
    return length === undefined ? undefined : new Bytes(data as ArrayBuffer, 0, length);
  }
  const part = TypedArrayPrototypeGetTag(data) === undefined ? ofDataView : ofTypedArray;
  return new Bytes(part.buffer(data), part.byteOffset(data), part.byteLength(data));
}

/**
 * A private copy of the bytes of a buffer or view. Undefined for anything else. Ignores any
 * prototype, constructor or species that the program has set.
 */
export function copyOfBytes(data: unknown): Uint8Array | undefined {
  const bytes = view(data);
  if (bytes === undefined) return undefined;
  const copy = new Bytes(ofTypedArray.byteLength(bytes));
  TypedArrayPrototypeSet(copy, bytes);
  return copy;
}

/** Its length in bytes. A program can replace the getter of that name. */
export const lengthOf = (bytes: Uint8Array): number => ofTypedArray.byteLength(bytes);

/** The text of a buffer of the addon's, as the addon would decode it. */
export function textOf(bytes: Buffer): string {
  return BufferPrototypeUtf8Slice(bytes, 0, lengthOf(bytes));
}
