import { isApprovedBinary, isApprovedText, warmTypeScript } from '../load/approved-text.js';
import { builtin } from '../lib/builtins.js';
import type { Gate } from './gates.js';
import { isClosed } from '../enforcement.js';
import {
  TypedArrayPrototypeSlice,
  ObjectDefineProperty,
  ArrayBufferIsView,
  ReflectApply,
  ReflectConstruct,
  SafeProxy,
} from '../lib/primordials.js';
import { refused } from '../refused.js';

type Method = (this: unknown, ...args: unknown[]) => unknown;

function denial(what: string, gate: Gate): Error {
  return refused(
    `${what} runs what comes from no checked file, which strict refuses. If the program needs it, leave that gate open: mayexec run --strict --allow=${gate}`,
  );
}

function fix(owner: object, name: string, value: unknown): void {
  ObjectDefineProperty(owner, name, {
    value,
    writable: false,
    configurable: false,
    enumerable: true,
  });
}

/** Puts a function that refuses in the place of each. */
function close(owner: object, names: readonly string[], gate: Gate): void {
  for (const name of names) {
    if (!(name in owner)) continue;
    fix(owner, name, function (): never {
      throw denial(name, gate);
    });
  }
}

interface ModuleInternals {
  prototype: { _compile: Method };
  readonly wrap: unknown;
  readonly wrapper: readonly string[];
}

function closeCompile(): void {
  const internals = builtin<ModuleInternals>('node:module');
  const { wrap, wrapper } = internals;
  const [head, tail] = wrapper;
  // Node cannot be kept from letting a program replace them, by which it writes code around a text.
  const isPlainWrapper = (): boolean =>
    internals.wrap === wrap &&
    internals.wrapper === wrapper &&
    wrapper[0] === head &&
    wrapper[1] === tail;
  const { _compile } = internals.prototype;
  fix(internals.prototype, '_compile', function (this: unknown, ...args: unknown[]): unknown {
    const text = args[0];
    const filename = args[1];
    if (typeof filename !== 'string' || !isApprovedText(filename, text) || !isPlainWrapper()) {
      throw denial('Module#_compile', 'compile');
    }
    return ReflectApply(_compile, this, [text, filename, args[2]]);
  });
}

interface WebAssemblyExports {
  Module: new (bytes: unknown) => object;
  compile: Method;
  instantiate: Method;
}

/** Node's own TypeScript stripper is WebAssembly that Node compiles when it first needs it. */
let strippingLoads = false;
let strippingLoaded = false;

/** To be called before Node strips types. Nothing of the program runs in between. */
export function letTypeScriptLoad(): void {
  if (strippingLoaded || !isClosed('wasm')) return;
  strippingLoads = true;
  try {
    warmTypeScript();
  } finally {
    strippingLoads = false;
    strippingLoaded = true;
  }
}

/** The bytes themselves, in a copy that cannot change any more, when they came from a checked file. */
function checkedBytes(what: string, bytes: unknown): Uint8Array {
  const view = bytes instanceof ArrayBuffer ? new Uint8Array(bytes) : bytes;
  if (ArrayBufferIsView(view)) {
    const copy = TypedArrayPrototypeSlice(view);
    if (strippingLoads || isApprovedBinary(copy)) return copy;
  }
  throw denial(what, 'wasm');
}

function closeWebAssembly(): void {
  const wasm = (globalThis as unknown as { WebAssembly: WebAssemblyExports }).WebAssembly;
  const { Module: Compiled, compile, instantiate } = wasm;
  const checked = new SafeProxy(Compiled, {
    construct: (target, args: unknown[], newTarget: typeof Compiled) =>
      ReflectConstruct(target, [checkedBytes('WebAssembly.Module', args[0])], newTarget),
  });
  fix(wasm, 'Module', checked);
  fix(Compiled.prototype as object, 'constructor', checked);
  // eslint-disable-next-line @typescript-eslint/require-await -- a refusal is a rejection
  fix(wasm, 'compile', async (bytes: unknown) =>
    ReflectApply(compile, wasm, [checkedBytes('WebAssembly.compile', bytes)]),
  );
  // eslint-disable-next-line @typescript-eslint/require-await -- the same
  fix(wasm, 'instantiate', async (source: unknown, imports: unknown) =>
    ReflectApply(instantiate, wasm, [
      source instanceof Compiled ? source : checkedBytes('WebAssembly.instantiate', source),
      imports,
    ]),
  );
  close(wasm, ['compileStreaming', 'instantiateStreaming'], 'wasm');
}

const VM = [
  'Script',
  'createScript',
  'runInContext',
  'runInNewContext',
  'runInThisContext',
  'compileFunction',
  'SourceTextModule',
];

/** Closes every gate of gates.ts that is not left open, but `data` and `hooks`, which the load hooks keep. */
export function closeGates(): void {
  delete (globalThis as { ShadowRealm?: unknown }).ShadowRealm;
  // These use node:vm and each other while they load.
  const repl = isClosed('repl') ? builtin<object>('node:repl') : undefined;
  const inspectors =
    isClosed('inspector') && process.features.inspector
      ? [builtin<object>('node:inspector'), builtin<object>('node:inspector/promises')]
      : [];

  if (repl !== undefined) close(repl, ['start', 'REPLServer'], 'repl');
  for (const inspector of inspectors) close(inspector, ['Session', 'open'], 'inspector');
  if (isClosed('vm')) close(builtin<object>('node:vm'), VM, 'vm');
  if (isClosed('compile')) closeCompile();
  if (isClosed('wasm')) closeWebAssembly();
  if (isClosed('binding')) close(process, ['binding', '_linkedBinding'], 'binding');
  if (isClosed('flags')) close(builtin<object>('node:v8'), ['setFlagsFromString'], 'flags');
}
