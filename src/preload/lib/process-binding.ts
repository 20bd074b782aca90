import { ObjectGetOwnPropertyDescriptor, ReflectApply } from './primordials.js';
import { undisturbed } from './undisturbed.js';

const { binding } = process as unknown as { readonly binding: (name: string) => unknown };

/**
 * A binding from process.binding, without Node's warning. Undefined under --permission, where Node
 * gives none.
 */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller knows
export function processBinding<T>(name: string): T | undefined {
  const take = (): T => ReflectApply(binding, process, [name]) as T;
  try {
    // Node warns of none of these bindings, unless it warns of what may be deprecated one day.
    const isFixed =
      ObjectGetOwnPropertyDescriptor(process, 'noDeprecation')?.configurable === false;
    return isFixed ? take() : undisturbed(process, 'noDeprecation', true, take);
  } catch {
    return undefined;
  }
}
