import { checkWithoutFile } from '../../interactive.js';
import { builtin, whenAsked } from '../lib/builtins.js';
import { interactiveIsDenied } from '../../policy.js';
import { ReflectApply } from '../lib/primordials.js';
import { replace } from '../lib/replace.js';
import { isMainThread } from '../lib/main-thread.js';

type Open = (...args: unknown[]) => unknown;

/**
 * A debugger that attaches runs what somebody types. Started by the program, by
 * inspector.open, it is asked about; by SIGUSR1, from outside, it is not opened
 * where interactive code is denied: Node opens it unless the signal is handled.
 */
export function installInspector(): void {
  if (process.features.inspector) {
    whenAsked(['node:inspector', 'node:inspector/promises'], () => {
      replace<Open>(
        builtin<object>('node:inspector'),
        'open',
        (open) =>
          function (this: unknown, ...args) {
            checkWithoutFile();
            return ReflectApply(open, this, args);
          },
      );
    });
  }
  if (isMainThread && interactiveIsDenied()) process.on('SIGUSR1', () => undefined);
}
