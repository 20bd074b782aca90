import { checkWithoutFile } from '../../interactive.js';
import { builtin, whenAsked } from '../lib/builtins.js';
import { interactiveIsDenied } from '../../policy.js';
import { ReflectApply } from '../lib/primordials.js';
import { guardSessions } from './inspector-methods.js';
import { methodOf, replace } from '../lib/replace.js';
import { isMainThread } from '../../main-thread.js';

interface Inspector {
  readonly Session: { readonly prototype: object };
}
type Open = (this: unknown, ...args: unknown[]) => unknown;
type Debug = (this: unknown, pid: unknown) => unknown;

const { pid: ownPid } = process;

/**
 * Publishes that this process sends itself SIGUSR1. The signal is sent all the same: under a
 * restriction it opens nothing, and the program may have its own handler for it.
 */
function tellOfSignal(): void {
  replace<Debug>(process, '_debugProcess', (debug) => (pid) => {
    try {
      if (pid === ownPid) checkWithoutFile('inspector');
    } catch {
      // The refusal has been published.
    }
    return ReflectApply(debug, process, [pid]);
  });
}

/**
 * An attached debugger runs what a person types. So inspector.open needs the check for interactive
 * code. SIGUSR1 from outside opens the inspector unless the program handles it. So the preload
 * handles it where interactive code is denied.
 */
export function installInspector(): void {
  if (process.features.inspector) {
    whenAsked(['node:inspector', 'node:inspector/promises'], () => {
      // The class of the second one has a copy of the first one's method.
      guardSessions(builtin<Inspector>('node:inspector').Session.prototype);
      guardSessions(builtin<Inspector>('node:inspector/promises').Session.prototype);
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
  tellOfSignal();
  if (isMainThread && interactiveIsDenied()) process.on('SIGUSR1', () => undefined);
}
