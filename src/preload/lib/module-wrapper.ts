import { builtin } from './builtins.js';
import { ObjectGetOwnPropertyDescriptor, ObjectHasOwn } from './primordials.js';

interface ModuleInternals {
  readonly wrap: unknown;
  readonly wrapper: readonly string[];
}

const internals = builtin<ModuleInternals>('node:module');
const { wrap, wrapper } = internals;
const [head, tail] = wrapper;

/** The stored value of an element. An accessor could give Node another answer. */
function stored(list: object, index: number): unknown {
  const descriptor = ObjectGetOwnPropertyDescriptor(list, index);
  return descriptor !== undefined && ObjectHasOwn(descriptor, 'value')
    ? descriptor.value
    : undefined;
}

/**
 * Whether Node uses its original wrapper for CommonJS. A program can replace the wrapper, and so
 * add code around a text.
 */
export function isPlainWrapper(): boolean {
  return (
    internals.wrap === wrap &&
    internals.wrapper === wrapper &&
    stored(wrapper, 0) === head &&
    stored(wrapper, 1) === tail
  );
}
