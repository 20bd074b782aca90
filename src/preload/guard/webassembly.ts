import { isApprovedBinary } from '../load/approved-text.js';
import { copyOfBytes } from '../lib/bytes.js';
import { ObjectHasOwn, ReflectApply, ReflectConstruct, SafeProxy } from '../lib/primordials.js';
import { callerOf } from '../lib/caller.js';
import { replace, replaceValue } from '../lib/replace.js';
import { enter } from './enter.js';
import { isLanguageIntact } from './intact.js';

type Method = (this: unknown, ...args: unknown[]) => unknown;

interface WebAssemblyExports extends Record<string, unknown> {
  Module: (new (bytes: unknown, options?: unknown) => object) & {
    prototype: object;
    exports: (module: unknown) => unknown;
  };
}

/** Node compiles WebAssembly of its own on first use: for undici's fetch, and to strip types. */
const OWN_CALLERS: Readonly<Record<string, true>> = {
  'node:internal/deps/undici/undici': true,
  'node:internal/deps/amaro/dist/index': true,
  'node:internal/deps/cjs-module-lexer/dist/lexer': true,
};

/**
 * Whether the bytes are Node's own. Node decodes them from a string with functions that a
 * program can replace.
 */
function isOwn(called: Method): boolean {
  const caller = callerOf(called);
  return caller !== undefined && ObjectHasOwn(OWN_CALLERS, caller) && isLanguageIntact();
}

/** A private copy of the bytes when they came from a checked file. */
function checkedBytes(what: string, bytes: unknown, called: Method): unknown {
  const copy = copyOfBytes(bytes);
  // WebAssembly itself reports the error.
  if (copy === undefined) return undefined;
  if (!isApprovedBinary(copy) && !isOwn(called)) enter('wasm', what);
  return copy;
}

/** Guards every function that compiles WebAssembly with the gate `wasm`. */
export function guardWebAssembly(): void {
  const wasm = (globalThis as unknown as { WebAssembly: WebAssemblyExports }).WebAssembly;
  const { Module: Compiled } = wasm;
  const { exports: exportsOf } = Compiled;
  // Any object can have this prototype, so instanceof proves nothing.
  const isCompiled = (value: unknown): boolean => {
    try {
      exportsOf(value);
      return true;
    } catch {
      return false;
    }
  };
  function construct(target: typeof Compiled, args: unknown[], newTarget: typeof Compiled): object {
    const bytes = checkedBytes('WebAssembly.Module', args[0], construct as unknown as Method);
    return ReflectConstruct(target, [bytes, args[1]], newTarget);
  }
  const guarded = new SafeProxy(Compiled, { __proto__: null, construct } as ProxyHandler<
    typeof Compiled
  >);
  replaceValue(wasm, 'Module', guarded);
  replaceValue(Compiled.prototype, 'constructor', guarded);
  replace<Method>(wasm, 'compile', (original) => {
    // eslint-disable-next-line @typescript-eslint/require-await -- a refusal is a rejection
    const compile = async (bytes: unknown, options: unknown): Promise<unknown> =>
      ReflectApply(original, wasm, [
        checkedBytes('WebAssembly.compile', bytes, compile as Method),
        options,
      ]);
    return compile;
  });
  replace<Method>(wasm, 'instantiate', (original) => {
    const instantiate = async (
      source: unknown,
      imports: unknown,
      options: unknown,
      // eslint-disable-next-line @typescript-eslint/require-await -- the same
    ): Promise<unknown> =>
      ReflectApply(original, wasm, [
        isCompiled(source)
          ? source
          : checkedBytes('WebAssembly.instantiate', source, instantiate as Method),
        imports,
        options,
      ]);
    return instantiate;
  });
  for (const name of ['compileStreaming', 'instantiateStreaming']) {
    // eslint-disable-next-line @typescript-eslint/require-await -- the same
    replace<Method>(wasm, name, (stream) => async (source, imports, options) => {
      // The bytes are complete only after the compilation has ended.
      enter('wasm', `WebAssembly.${name}`);
      return ReflectApply(stream, wasm, [source, imports, options]);
    });
  }
}
