import { ObjectGetOwnPropertyDescriptor, ReflectDefineProperty } from '../lib/primordials.js';

/**
 * Puts something else in the place of a property. The program may replace it once more:
 * what stood there before cannot be had by that. Returns whether it could be done.
 */
export function replace(owner: object, name: string, value: unknown): boolean {
  const before = ObjectGetOwnPropertyDescriptor(owner, name);
  return ReflectDefineProperty(owner, name, {
    __proto__: null,
    value,
    writable: true,
    configurable: true,
    enumerable: before?.enumerable ?? true,
  } as PropertyDescriptor);
}
