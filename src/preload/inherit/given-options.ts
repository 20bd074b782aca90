import { embedded } from '../../executable/embedded.js';
import { parseAllWords, parseNodeOptions, type GivenOption } from '../../tables/words.js';

/** The words in process.execArgv. A Worker has these options too, unless it is given others. */
export let givenWords: readonly string[];

/** Node's options for this process or Worker, in the order in which Node obeys them. */
export let givenOptions: readonly GivenOption[];

/** Call this before the program could change what is read here. */
export function readGivenOptions(): void {
  givenWords = [...process.execArgv];
  givenOptions = [
    // The executable ignores NODE_OPTIONS and has fixed options of its own.
    ...(embedded === undefined
      ? parseNodeOptions(process.env['NODE_OPTIONS'] ?? '')
      : parseAllWords(embedded.nodeOptions)),
    ...parseAllWords(givenWords),
  ];
}
