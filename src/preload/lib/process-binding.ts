import { ReflectApply } from './primordials.js';
import { undisturbed } from './undisturbed.js';

const { binding } = process as unknown as { readonly binding: (name: string) => unknown };

/**
 * A binding from process.binding, without Node's warning. Undefined under --permission, where Node
 * gives none.
 */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller knows
export function processBinding<T>(name: string): T | undefined {
  try {
    return undisturbed(
      process,
      'noDeprecation',
      true,
      () => ReflectApply(binding, process, [name]) as T,
    );
  } catch {
    return undefined;
  }
}
