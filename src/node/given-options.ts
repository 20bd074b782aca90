import { parseOptions, splitNodeOptions } from './preload-option.js';

/** Node's options for this process or Worker, in the order in which Node obeys them. */
export const givenOptions = parseOptions([
  ...splitNodeOptions(process.env['NODE_OPTIONS'] ?? ''),
  ...process.execArgv,
]);
