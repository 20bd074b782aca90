import { isWatched } from '../enforcement.js';
import { enter } from '../guard/enter.js';
import { isLanguageIntact } from '../guard/intact.js';
import { builtin } from '../lib/builtins.js';
import { replace } from '../lib/replace.js';
import { undisturbed } from '../lib/undisturbed.js';

interface Options {
  readonly mode?: unknown;
  readonly sourceMap?: unknown;
  readonly sourceUrl?: unknown;
}
type Strip = (text: string, options?: Options) => string;

const { stripTypeScriptTypes } = builtin<{ stripTypeScriptTypes?: Strip }>('node:module');

/**
 * Call this before Node strips types. If the program has replaced functions that Node strips with,
 * the result may differ from the file. Then this throws if `strict` closes the gate `compile`.
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

/**
 * Guards module.stripTypeScriptTypes with the gate `compile`. Whoever calls it first loads
 * Node's stripper, which keeps what it finds of the language for everybody else.
 */
export function guardStripping(): void {
  if (stripTypeScriptTypes === undefined) return;
  replace<Strip>(builtin<object>('node:module'), 'stripTypeScriptTypes', (original) => {
    return (text, options) => {
      if (typeof options !== 'object' || (options as Options | null) === null) {
        prepareStripping();
        return original(text, options);
      }
      // Their accessors must not run behind the look at the language.
      const { mode, sourceMap, sourceUrl } = options;
      prepareStripping();
      return original(text, { __proto__: null, mode, sourceMap, sourceUrl } as Options);
    };
  });
}
