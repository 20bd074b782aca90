import { anythingIsEnforced } from '../../policy.js';
import { decideUnchecked } from '../refused.js';
import { checkWithoutFile } from '../../interactive.js';
import { builtinAsked } from '../lib/builtins.js';
import { ObjectHasOwn, ReflectApply, StringOf } from '../lib/primordials.js';
import { replace } from '../lib/replace.js';
import { guardEngine } from './shared-objects.js';

/*
 * process.binding returns the internals of Node's own modules, and so bypasses every check
 * that is installed on those modules.
 */

type Binding = Record<string, unknown>;
type Bind = (name: unknown) => Binding;

const guards: Readonly<Record<string, (binding: Binding) => void>> = {
  spawn_sync: () => {
    builtinAsked('node:child_process');
  },
  process_wrap: () => {
    builtinAsked('node:child_process');
  },
  crypto: (binding) => {
    builtinAsked('node:tls');
    guardEngine(binding, 'setEngine', 0);
  },
  inspector: (binding) => {
    decideUnchecked(
      'load',
      'inspector',
      anythingIsEnforced(),
      "process.binding('inspector') makes sessions whose requests are not checked. Use node:inspector",
    );
    replace<(...args: unknown[]) => unknown>(binding, 'open', (open) => (...args) => {
      checkWithoutFile('inspector');
      return ReflectApply(open, binding, args);
    });
  },
};

/** Installs the checks on process.binding. */
export function installBindings(): void {
  const guarded = { __proto__: null } as unknown as Record<string, true>;
  replace<Bind>(process, 'binding', (original) => (name) => {
    const id = StringOf(name);
    const binding = ReflectApply(original, process, [id]);
    if (ObjectHasOwn(guards, id) && !ObjectHasOwn(guarded, id)) {
      guards[id]?.(binding);
      guarded[id] = true;
    }
    return binding;
  });
}
