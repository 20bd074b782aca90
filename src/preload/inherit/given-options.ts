import { embedded } from '../../executable/embedded.js';
import { parseAllWords, parseNodeOptions, type GivenOption } from '../../tables/words.js';

/** Node's options for this process or Worker, in the order in which Node obeys them. */
export const givenOptions: readonly GivenOption[] = [
  // The executable ignores NODE_OPTIONS and has fixed options of its own.
  ...(embedded === undefined
    ? parseNodeOptions(process.env['NODE_OPTIONS'] ?? '')
    : parseAllWords(embedded.nodeOptions)),
  ...parseAllWords(process.execArgv),
];
