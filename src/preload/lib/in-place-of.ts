import { ObjectFreeze, SafeProxy } from './primordials.js';
import { resemble } from './replace.js';

type Callable = (...args: never[]) => unknown;
type Constructor = abstract new (...args: never[]) => object;

/** What happens when the program calls a class. It must not use its first argument. */
interface Calls<C> {
  readonly construct: (unused: object, args: unknown[], newTarget: C) => object;
  readonly apply?: (unused: object, self: unknown, args: unknown[]) => unknown;
}

/**
 * A class that the program gets in the place of another one, with the same prototype object.
 *
 * util.inspect shows the target and the handler of a Proxy to functions of the program. So the
 * target is not the original, and the handler cannot be changed.
 */
export function inPlaceOf<C extends Constructor>(original: C, calls: Calls<C>): C {
  function target(): void {
    // Only its properties are needed.
  }
  resemble(target, original as unknown as Callable, original.prototype as object);
  const handler = ObjectFreeze({ __proto__: null, ...calls });
  return new SafeProxy<object>(target, handler) as C;
}
