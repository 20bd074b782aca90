import { approvedText } from '../load/approved-text.js';
import { formatWithoutTypes } from '../load/formats.js';
import { builtin } from '../lib/builtins.js';
import { ObjectGetOwnPropertyDescriptor, ObjectHasOwn, ReflectApply } from '../lib/primordials.js';
import { methodOf, replace } from '../lib/replace.js';
import { enter } from './closed.js';

type Method = (this: unknown, ...args: unknown[]) => unknown;

interface ModuleInternals {
  prototype: { _compile: Method };
  readonly wrap: unknown;
  readonly wrapper: readonly string[];
}

/** The stored value of an element. An accessor could give Node another answer. */
function stored(list: object, index: number): unknown {
  const descriptor = ObjectGetOwnPropertyDescriptor(list, index);
  return descriptor !== undefined && ObjectHasOwn(descriptor, 'value')
    ? descriptor.value
    : undefined;
}

/** The format once the types are stripped. Undefined where Node has to detect it. */
function withoutTypes(format: unknown): unknown {
  if (format === 'typescript') return undefined;
  return formatWithoutTypes(format as string) ?? format;
}

/** Guards Module#_compile with the gate `compile`: it compiles only the text of a checked file. */
export function guardCompile(): void {
  const internals = builtin<ModuleInternals>('node:module');
  const { wrap, wrapper } = internals;
  const [head, tail] = wrapper;
  // Node lets a program replace the wrapper, and so add code around a text. That cannot be
  // prevented.
  const isPlainWrapper = (): boolean =>
    internals.wrap === wrap &&
    internals.wrapper === wrapper &&
    stored(wrapper, 0) === head &&
    stored(wrapper, 1) === tail;
  replace<Method>(internals.prototype, '_compile', (original) =>
    methodOf<Method>({
      method(...args) {
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
    }),
  );
}
