import { internals } from '../lib/internals.js';
import { ObjectSetPrototypeOf, ReflectApply } from '../lib/primordials.js';

/*
 * Arrays of Node's own loader. Methods of arrays ask an array for its `constructor`. So a getter on
 * Array.prototype sees the array, and can give Node another one as the result. If that property of
 * Array.prototype were fixed, V8 would give up its fast paths for all arrays. So the few arrays
 * that matter get their own prototype.
 */

interface Hooks {
  readonly resolveHooks: unknown[];
  readonly loadHooks: unknown[];
}
type CreateDynamicModule = (
  imports: unknown[],
  exports: unknown[],
  url: string,
  evaluate: unknown,
) => unknown;

const iterator: symbol = Symbol.iterator;

/** Without a `constructor`, the methods make a plain array. */
const withoutClass = Object.freeze({
  __proto__: null,
  constructor: undefined,
  [iterator]: (Array.prototype as unknown as Record<symbol, unknown>)[iterator],
});

/** Keeps the lists of hooks out of the program's reach. */
export function guardHookLists(): void {
  const lists = internals()?.load<Hooks>('internal/modules/customization_hooks');
  if (lists === undefined) return;
  ObjectSetPrototypeOf(lists.resolveHooks, withoutClass);
  ObjectSetPrototypeOf(lists.loadHooks, withoutClass);
}

/**
 * For an imported WebAssembly module, Node writes the source of a module from the names of its
 * imports and exports. It looks up the function for that each time.
 */
export function guardWrittenSources(): void {
  const inside = internals();
  if (inside === undefined) return;
  const id = 'internal/modules/esm/create_dynamic_module';
  const original = inside.load<CreateDynamicModule>(id);
  const create: CreateDynamicModule = (imports, exports, url, evaluate) =>
    ReflectApply(original, undefined, [
      ObjectSetPrototypeOf(imports, withoutClass),
      ObjectSetPrototypeOf(exports, withoutClass),
      url,
      evaluate,
    ]);
  inside.setExports(id, create);
}
