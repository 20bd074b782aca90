import type { Internals } from './internals.js';
import { ObjectGetPrototypeOf } from './primordials.js';

/**
 * The methods of Node's loader of ES modules. Another loader would start a thread of its own for
 * hooks of `--experimental-loader`.
 */
export function loaderPrototype(inside: Internals): object {
  const { getOrInitializeCascadedLoader } = inside.load<{
    getOrInitializeCascadedLoader: () => object;
  }>('internal/modules/esm/loader');
  return ObjectGetPrototypeOf(getOrInitializeCascadedLoader()) as object;
}
