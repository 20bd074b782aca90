import { checkWithoutFile } from '../../interactive.js';
import { builtinAsked } from '../lib/builtins.js';
import { ObjectHasOwn, ReflectApply, StringOf } from '../lib/primordials.js';
import { replace } from '../lib/replace.js';
import { guardEngine } from './shared-objects.js';

/*
 * process.binding hands out what Node's own modules are made of, and so passes
 * by what is put in the way of those modules.
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
    replace<(...args: unknown[]) => unknown>(binding, 'open', (open) => (...args) => {
      checkWithoutFile();
      return ReflectApply(open, binding, args);
    });
  },
};

/** Puts the checks in the way of process.binding. */
export function installBindings(): void {
  const guarded = Object.create(null) as Record<string, true>;
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
