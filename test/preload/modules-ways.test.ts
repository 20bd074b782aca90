/**
 * The preload's ways in, under checkModules() in the preload's place: what is loaded from
 * the call on comes out as there. Left out is what checkModules() has nothing to do with.
 */
import { fileURLToPath } from 'node:url';

import { tryWays } from './try-way.js';
import { routes, waysIn, type WayIn } from './ways-in.js';
import { hookWays } from './ways/hooks.js';

/** It does nothing but call checkModules(). */
const caller = fileURLToPath(new URL('../../dist/worker.cjs', import.meta.url));

/** Programs that are started ask for themselves. */
const startsPrograms =
  /^(?:fork|exec|spawn|cluster|process\.execve|--run|--watch|--test)|^-e that requires/;
/** What a person or an option gives is code before the tool begins. */
const isTyped = /REPL|NODE_REPL/;

const isLoaded = ({ name, kind }: WayIn): boolean =>
  kind !== 'interactive' && !startsPrograms.test(name) && !isTyped.test(name);

tryWays(waysIn.filter(isLoaded), ['nothing set', 'restrict file'], true, caller);
tryWays([...routes.filter(isLoaded), ...hookWays], ['both'], false, caller);
