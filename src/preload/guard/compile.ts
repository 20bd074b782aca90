import { approvedText } from '../load/approved-text.js';
import { formatWithoutTypes } from '../load/formats.js';
import { builtin } from '../lib/builtins.js';
import { ObjectGetOwnPropertyDescriptor, ObjectHasOwn, ReflectApply } from '../lib/primordials.js';
import { replace } from '../lib/replace.js';
import { enter } from './closed.js';

type Method = (this: unknown, ...args: unknown[]) => unknown;

interface ModuleInternals {
  prototype: { _compile: Method };
  readonly wrap: unknown;
  readonly wrapper: readonly string[];
}

/** An element as it is stored: an accessor could answer Node otherwise. */
function stored(list: object, index: number): unknown {
  const descriptor = ObjectGetOwnPropertyDescriptor(list, index);
  return descriptor !== undefined && ObjectHasOwn(descriptor, 'value')
    ? descriptor.value
    : undefined;
}

/** The format of what has no types any more; undefined where Node is to find it out. */
function withoutTypes(format: unknown): unknown {
  if (format === 'typescript') return undefined;
  return formatWithoutTypes(format as string) ?? format;
}

/** Puts the gate `compile` in the way of Module#_compile: it compiles what a checked file holds. */
export function guardCompile(): void {
  const internals = builtin<ModuleInternals>('node:module');
  const { wrap, wrapper } = internals;
  const [head, tail] = wrapper;
  // Node cannot be kept from letting a program replace them, by which it writes code around a text.
  const isPlainWrapper = (): boolean =>
    internals.wrap === wrap &&
    internals.wrapper === wrapper &&
    stored(wrapper, 0) === head &&
    stored(wrapper, 1) === tail;
  replace<Method>(
    internals.prototype,
    '_compile',
    (original) =>
      function (...args) {
        const filename = args[1];
        const approved =
          typeof filename === 'string' && isPlainWrapper()
            ? approvedText(filename, args[0])
            : undefined;
        if (approved === undefined) {
          enter('compile', 'Module#_compile');
          return ReflectApply(original, this, [args[0], filename, args[2]]);
        }
        return ReflectApply(original, this, [approved, filename, withoutTypes(args[2])]);
      },
  );
}
