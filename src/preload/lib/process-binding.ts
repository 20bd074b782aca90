import { ReflectApply } from './primordials.js';
import { undisturbed } from './undisturbed.js';

const { binding } = process as unknown as { readonly binding: (name: string) => unknown };

/**
 * What process.binding gives, without Node's warning. Undefined where Node gives nothing:
 * under --permission nobody gets a binding.
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
