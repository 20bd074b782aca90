import { checkWithoutFile } from '../../interactive.js';
import { builtin, whenAsked } from '../lib/builtins.js';
import { interactiveIsDenied } from '../../policy.js';
import { ReflectApply } from '../lib/primordials.js';
import { methodOf, replace } from '../lib/replace.js';
import { isMainThread } from '../lib/main-thread.js';

type Open = (this: unknown, ...args: unknown[]) => unknown;

/**
 * An attached debugger runs what a person types. When the program starts the inspector with
 * inspector.open, the system is asked. SIGUSR1 from outside opens it unless the signal is
 * handled, so it is handled where interactive code is denied.
 */
export function installInspector(): void {
  if (process.features.inspector) {
    whenAsked(['node:inspector', 'node:inspector/promises'], () => {
      replace<Open>(builtin<object>('node:inspector'), 'open', (open) =>
        methodOf<Open>({
          method(...args) {
            checkWithoutFile('inspector');
            return ReflectApply(open, this, args);
          },
        }),
      );
    });
  }
  if (isMainThread && interactiveIsDenied()) process.on('SIGUSR1', () => undefined);
}
