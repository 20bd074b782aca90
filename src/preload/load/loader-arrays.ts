import { internals } from '../lib/internals.js';
import { ObjectSetPrototypeOf, ReflectApply } from '../lib/primordials.js';

/*
 * Arrays of Node's own loader. Its methods ask an array for its class, and so a getter on
 * Array.prototype sees the array, and gives Node another one for the result. To fix that property
 * of Array.prototype would make the methods of every array many times slower: V8 then gives up its
 * fast paths. So the few arrays that matter get a prototype of their own.
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

/** Without a class, the methods make a plain array. */
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
 * Node writes the source of a module for an imported WebAssembly module, from the names of its
 * imports and exports. It asks for the function that does so each time.
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
