import { embedded } from '../../executable/embedded.js';
import { parseOptions, splitNodeOptions } from './preload-option.js';

/** Node's options for this process or Worker, in the order in which Node obeys them. */
export const givenOptions = parseOptions([
  // The executable ignores them.
  ...splitNodeOptions(embedded === undefined ? (process.env['NODE_OPTIONS'] ?? '') : ''),
  ...process.execArgv,
]);
