import { checkWithoutFile } from '../../interactive.js';
import { builtinAsked } from '../lib/builtins.js';
import { ObjectHasOwn, ReflectApply, StringOf } from '../lib/primordials.js';
import { guardEngine } from './shared-objects.js';

/*
 * process.binding hands out what Node's own modules are made of, and so passes
 * by what is put in the way of those modules.
 */

type Binding = Record<string, unknown>;
interface Owner {
  binding: (name: unknown) => Binding;
}

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
    const open = binding['open'] as (...args: unknown[]) => unknown;
    binding['open'] = (...args: unknown[]): unknown => {
      checkWithoutFile();
      return ReflectApply(open, binding, args);
    };
  },
};

/** Puts the checks in the way of process.binding. */
export function installBindings(): void {
  const owner = process as unknown as Owner;
  const { binding: original } = owner;
  const guarded = Object.create(null) as Record<string, true>;
  owner.binding = function binding(name): Binding {
    const id = StringOf(name);
    const binding = ReflectApply(original, process, [id]);
    if (ObjectHasOwn(guards, id) && !ObjectHasOwn(guarded, id)) {
      guards[id]?.(binding);
      guarded[id] = true;
    }
    return binding;
  };
}
