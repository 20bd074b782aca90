import { pathToFileURL as toUrl } from 'node:url';

import { isClosed } from '../enforcement.js';
import { approvedText, failureToStrip, noteTypes } from '../load/approved-text.js';
import { formatWithoutTypes, isTypeScript } from '../load/formats.js';
import { builtin } from '../lib/builtins.js';
import { isPlainWrapper } from '../lib/module-wrapper.js';
import { isBefore } from '../lib/node-version.js';
import { ReflectApply } from '../lib/primordials.js';
import { methodOf, replace } from '../lib/replace.js';
import { enter } from './enter.js';

const pathToFileURL = toUrl;

type Method = (this: unknown, ...args: unknown[]) => unknown;

interface ModuleInternals {
  prototype: { _compile: Method };
}

/** The format once the types are stripped. Undefined where Node has to detect it. */
function withoutTypes(format: unknown): unknown {
  if (format === 'typescript') return undefined;
  return formatWithoutTypes(format as string) ?? format;
}

function noteTypesOf(text: unknown, filename: unknown, format: unknown): void {
  if (typeof text !== 'string' || typeof filename !== 'string') return;
  if (!isTypeScript(format as string)) return;
  noteTypes(filename, text, isBefore(24, 0) ? filename : pathToFileURL(filename).href);
}

/** Guards Module#_compile with the gate `compile`: it compiles only the text of a checked file. */
export function guardCompile(): void {
  const internals = builtin<ModuleInternals>('node:module');
  replace<Method>(internals.prototype, '_compile', (original) =>
    methodOf<Method>({
      method(...args) {
        const filename = args[1];
        noteTypesOf(args[0], filename, args[2]);
        const approved =
          typeof filename === 'string' && isPlainWrapper()
            ? approvedText(filename, args[0])
            : undefined;
        if (approved === undefined) {
          const text = typeof args[0] === 'string' ? args[0] : undefined;
          enter('compile', 'Module#_compile', text);
          return ReflectApply(original, this, [args[0], filename, args[2]]);
        }
        const format = args[2];
        const fail = isTypeScript(format as string)
          ? failureToStrip(filename as string)
          : undefined;
        if (fail !== undefined) {
          if (isClosed('compile')) fail(filename as string);
          // A log alone changes nothing: Node reports the error itself.
          return ReflectApply(original, this, [approved, filename, format]);
        }
        return ReflectApply(original, this, [approved, filename, withoutTypes(format)]);
      },
    }),
  );
}
