import { builtinRows, ON_FUNCTIONS, SAME, type ExportRows } from '../../tables/builtins.js';
import { isClosed, isWatched } from '../enforcement.js';
import { watchesGates } from '../settings.js';
import { beforeUse, builtin } from '../lib/builtins.js';
import {
  ObjectGetOwnPropertyDescriptor,
  ObjectHasOwn,
  ReflectApply,
  ReflectConstruct,
  ReflectOwnKeys,
  SafeProxy,
  StringPrototypeSlice,
} from '../lib/primordials.js';
import { replaceValue } from '../lib/replace.js';
import { undisturbed } from '../lib/undisturbed.js';
import { keepRunInContext } from '../load/snapshots.js';
import { guardWrittenSources } from '../load/loader-arrays.js';
import { guardStripping } from '../load/type-stripping.js';
import { enter } from './enter.js';
import { guardCompile } from './compile.js';
import { compiledByVm, guardEval } from './eval.js';
import { isGate, type Gate } from './gates.js';
import { rememberLanguage } from './intact.js';
import { guardModuleWraps } from './module-wraps.js';
import { guardTranslators } from './translators.js';
import { guardWebAssembly } from './webassembly.js';

/*
 * Closes what the table of Node's exports assigns to a gate. The program and Node share
 * these modules, so each is guarded when the program first asks for it.
 */

/** By module and export: the gate of the export. Undefined for an export that stays unchanged. */
type Gates = Record<string, Gate | undefined>;
const gates = Object.create(null) as Record<string, Gates>;

/**
 * Called before the program runs, since the program could replace the functions that read
 * the table.
 */
function readTable(): void {
  const builtins = builtinRows();
  for (const name in builtins) {
    const rows = builtins[name] as ExportRows;
    const exports = (gates[name] = { __proto__: null } as unknown as Gates);
    exports[ON_FUNCTIONS] = undefined;
    for (const effect in rows) {
      const names = (rows[effect] as string).split(/\s+/);
      for (let i = 0; i < names.length; i++)
        exports[names[i] as string] = isGate(effect) ? effect : undefined;
    }
  }
  for (const name in SAME) gates[name] = gates[SAME[name] as string] as Gates;
}

function isCode(value: unknown): boolean {
  return typeof value === 'function' || (typeof value === 'object' && value !== null);
}

/** The text that a function of a gate is given to run. Functions of other gates take none. */
function textOf(gate: Gate, args: readonly unknown[]): string | undefined {
  const text = args[0];
  return (gate === 'vm' || gate === 'flags') && typeof text === 'string' ? text : undefined;
}

/** The replacement for an export that belongs to a gate. */
function guarded(original: unknown, what: string, gate: Gate): unknown {
  if (isClosed(gate)) {
    // The program can name, destructure and extend it. Only its use is refused.
    return function (...args: unknown[]): never {
      enter(gate, what, textOf(gate, args));
      throw new Error(what);
    };
  }
  if (typeof original !== 'function') return original;
  const watched = new SafeProxy(original, {
    __proto__: null,
    apply(target: (...args: never[]) => unknown, self: unknown, args: unknown[]): unknown {
      enter(gate, what, textOf(gate, args));
      const call = (): unknown => ReflectApply(target, self, args as never[]);
      return what === 'vm.compileFunction' ? compiledByVm(call) : call();
    },
    construct(target: new () => object, args: unknown[], newTarget: new () => object): object {
      enter(gate, what, textOf(gate, args));
      return ReflectConstruct(target, args as [], newTarget);
    },
  } as ProxyHandler<object>);
  // Otherwise no log would record a use by this name.
  const { prototype } = original as { prototype?: object };
  if (prototype !== undefined && ObjectHasOwn(prototype, 'constructor')) {
    replaceValue(prototype, 'constructor', watched);
  }
  return watched;
}

/** Guards all exports of a module. Throws ExecDeniedError when one cannot be closed. */
function guardExports(name: string, exports: object): void {
  const known = ObjectHasOwn(gates, name) ? (gates[name] as Gates) : undefined;
  const names = ReflectOwnKeys(exports);
  for (let i = 0; i < names.length; i++) {
    const key = names[i] as string;
    if (typeof key !== 'string') continue;
    const gate = known !== undefined && key in known ? known[key] : 'unknown';
    if (gate === undefined || !isWatched(gate)) continue;
    const descriptor = ObjectGetOwnPropertyDescriptor(exports, key) as PropertyDescriptor;
    const original: unknown = ObjectHasOwn(descriptor, 'value') ? descriptor.value : undefined;
    if (ObjectHasOwn(descriptor, 'value') && !isCode(original)) continue;
    const what = `${name}.${key}`;
    if (!replaceValue(exports, key, guarded(original, what, gate))) enter(gate, what);
  }
}

interface Url {
  fileURLToPath: (url: string, options: { windows: true }) => string;
}
type RunInNewContext = (code: string, object: unknown, options?: object) => unknown;

/**
 * Creates the realm that Node's own code makes on first use. Errors of that realm reach the
 * program, by fileURLToPath and by streams, and lead to a Function that obeys no option of V8, and to
 * a WebAssembly without guards.
 */
function makeOwnRealm(): void {
  const vm = builtin<{ runInNewContext: RunInNewContext }>('node:vm');
  const { runInNewContext } = vm;
  const restricted: RunInNewContext = (code, object, options) =>
    runInNewContext(code, object, {
      ...options,
      contextCodeGeneration: { strings: !isClosed('eval'), wasm: !isClosed('wasm') },
    });
  const { fileURLToPath } = builtin<Url>('node:url');
  undisturbed(vm, 'runInNewContext', restricted, () =>
    fileURLToPath('file:///c:/', { windows: true }),
  );
}

/** Builtins that copy exports of another builtin while they load. They must find the originals. */
const LOADED_BEFORE: Readonly<Record<string, `node:${string}`>> = {
  vm: 'node:repl',
  inspector: 'node:inspector/promises',
};

function guardBuiltin(url: string): void {
  const name = StringPrototypeSlice(url, 'node:'.length);
  const exports = builtin<object | undefined>(`node:${name}`);
  if (exports === undefined) return;
  if (name === 'vm') keepRunInContext();
  const other = ObjectHasOwn(LOADED_BEFORE, name) ? LOADED_BEFORE[name] : undefined;
  if (other !== undefined) builtin(other);
  guardExports(name, exports);
}

/** Installs the gates of gates.ts, except `data` and `hooks`, which the load hooks guard. */
export function installGates(): void {
  readTable();
  makeOwnRealm();
  if (isWatched('compile')) {
    guardCompile();
    guardStripping();
  }
  if (isWatched('wasm')) guardWebAssembly();
  if (isWatched('eval')) guardEval();
  guardWrittenSources();
  if (isWatched('vm')) guardModuleWraps();
  if (isWatched('vm') || isWatched('compile')) guardTranslators();
  // The import() of a ShadowRealm uses a loader without checks.
  if (!watchesGates) delete (globalThis as { ShadowRealm?: unknown }).ShadowRealm;
  guardExports('globalThis', globalThis);
  guardExports('process', process);
  guardExports('module', builtin<object>('node:module'));
  rememberLanguage();
  beforeUse(guardBuiltin);
}
