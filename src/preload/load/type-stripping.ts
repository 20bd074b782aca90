import { isWatched } from '../enforcement.js';
import { enter } from '../guard/closed.js';
import { isLanguageIntact } from '../guard/intact.js';
import { builtin } from '../lib/builtins.js';

const { stripTypeScriptTypes } = builtin<{ stripTypeScriptTypes?: (text: string) => string }>(
  'node:module',
);

/**
 * To be called before Node strips types: what comes out is not what the file holds when the
 * program has replaced what Node strips with. Throws when strict closes the gate `compile` then.
 */
export function prepareStripping(): void {
  if (!isWatched('compile') || isLanguageIntact()) return;
  enter('compile', 'stripping types with functions that the program has replaced');
}

/** A text without its types; undefined where Node cannot strip it, which it will tell. */
export function stripTypes(text: string): string | undefined {
  if (stripTypeScriptTypes === undefined) return undefined;
  prepareStripping();
  // Node says that this is experimental, and the program has not asked for it.
  // eslint-disable-next-line @typescript-eslint/unbound-method -- put back as it was
  const { emitWarning } = process;
  process.emitWarning = () => undefined;
  try {
    return stripTypeScriptTypes(text);
  } catch {
    return undefined;
  } finally {
    process.emitWarning = emitWarning;
  }
}
