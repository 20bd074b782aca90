import { isWatched } from '../enforcement.js';
import { enter } from '../guard/enter.js';
import { isLanguageIntact } from '../guard/intact.js';
import { builtin } from '../lib/builtins.js';
import { undisturbed } from '../lib/undisturbed.js';

const { stripTypeScriptTypes } = builtin<{ stripTypeScriptTypes?: (text: string) => string }>(
  'node:module',
);

/**
 * Call this before Node strips types. If the program has replaced functions that Node
 * strips with, the result may not be what the file holds. Then this throws where `strict`
 * closes the gate `compile`.
 */
export function prepareStripping(): void {
  if (!isWatched('compile') || isLanguageIntact()) return;
  enter('compile', 'stripping types with functions that the program has replaced');
}

/** A text without its types. Undefined where Node cannot strip it: then Node reports the error. */
export function stripTypes(text: string): string | undefined {
  if (stripTypeScriptTypes === undefined) return undefined;
  prepareStripping();
  // Node warns that this is experimental, but the program did not ask for it.
  try {
    return undisturbed(
      process,
      'emitWarning',
      () => undefined,
      () => stripTypeScriptTypes(text),
    );
  } catch {
    return undefined;
  }
}
