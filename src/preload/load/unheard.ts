/*
 * Where nothing is enforced and nobody hears of a verdict, Node reads modules by itself. What it
 * gets then must be what it has without a hook.
 */
import { isHeard } from '../../audit.js';
import { isBefore } from '../lib/node-version.js';
import { strict, isAudited, watchesGates } from '../settings.js';
import { hasApprovedBytecode } from './approved-bytecode.js';
import { hasImage } from './image.js';
import type { LoadContext } from './node-module.js';
import { mayHaveHooksElsewhere } from './unchecked-loading.js';

/** Whether nobody hears of a verdict, and nothing has a use for a text that was checked. */
export const isUnheard = (): boolean =>
  !isAudited && !strict && !watchesGates && !isHeard() && !hasImage() && !hasApprovedBytecode();

/** Whether Node's import takes an inherited source only where there is a hook. */
let hooksInherit: boolean;

/** Call this before the program runs. */
export function prepareUnheard(): void {
  hooksInherit = !isBefore(24, 0);
}

/**
 * Node passes the context on as an object that inherits from Object.prototype, and would take a
 * `source` that the program has put there. Hooks on a thread of their own would see the key.
 */
export function contextForNode(context: LoadContext, fromRequire: boolean): LoadContext {
  if (fromRequire || !hooksInherit || mayHaveHooksElsewhere()) return context;
  return { __proto__: null, source: undefined } as LoadContext;
}
