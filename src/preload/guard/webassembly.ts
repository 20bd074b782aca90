import { isApprovedBinary } from '../load/approved-text.js';
import { copyOfBytes } from '../lib/bytes.js';
import {
  BufferPrototypeBase64Slice,
  ObjectHasOwn,
  ReflectApply,
  ReflectConstruct,
  StringPrototypeIncludes,
  StringPrototypeSlice,
  StringPrototypeStartsWith,
} from '../lib/primordials.js';
import { callerOf } from '../lib/caller.js';
import { inPlaceOf } from '../lib/in-place-of.js';
import { processBinding } from '../lib/process-binding.js';
import { replace, replaceValue } from '../lib/replace.js';
import { enter } from './enter.js';
import { isLanguageIntact } from './intact.js';
import { isUnderPermission } from './permission.js';

type Method = (this: unknown, ...args: unknown[]) => unknown;

interface WebAssemblyExports extends Record<string, unknown> {
  Module: (new (bytes: unknown, options?: unknown) => object) & {
    prototype: object;
    exports: (module: unknown) => unknown;
  };
}

/** Node compiles WebAssembly of its own on first use: for undici's fetch, and to strip types. */
const OWN_CALLERS: Readonly<Record<string, true>> = {
  'internal/deps/undici/undici': true,
  'internal/deps/amaro/dist/index': true,
  'internal/deps/cjs-module-lexer/dist/lexer': true,
};
const QUOTES = ['"', "'", '`'] as const;

/**
 * Whether the bytes are Node's own. Its scripts hold them as a string, and decode them with
 * functions that a program can replace and put back before the bytes arrive here. So the
 * bytes are looked for in the script that compiles them.
 */
function isOwn(called: Method, bytes: Uint8Array): boolean {
  const caller = callerOf(called);
  if (caller === undefined || !StringPrototypeStartsWith(caller, 'node:')) return false;
  const name = StringPrototypeSlice(caller, 'node:'.length);
  if (!ObjectHasOwn(OWN_CALLERS, name)) return false;
  const scripts = processBinding<Record<string, string>>('natives');
  // Under --permission Node does not give its scripts to anyone. Elsewhere a program has made it fail.
  if (scripts === undefined) return isUnderPermission && isLanguageIntact();
  if (!ObjectHasOwn(scripts, name)) return false;
  const script = scripts[name] as string;
  const encoded = BufferPrototypeBase64Slice(bytes, 0, bytes.length);
  for (let i = 0; i < QUOTES.length; i++) {
    const quote = QUOTES[i] as string;
    if (StringPrototypeIncludes(script, quote + encoded + quote)) return true;
  }
  return false;
}

/** A private copy of the bytes when they came from a checked file. */
function checkedBytes(what: string, bytes: unknown, called: Method): unknown {
  const copy = copyOfBytes(bytes);
  // WebAssembly itself reports the error.
  if (copy === undefined) return undefined;
  if (!isApprovedBinary(copy) && !isOwn(called, copy)) enter('wasm', what, copy);
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
  function construct(_: object, args: unknown[], newTarget: typeof Compiled): object {
    const bytes = checkedBytes('WebAssembly.Module', args[0], construct as unknown as Method);
    return ReflectConstruct(Compiled, [bytes, args[1]], newTarget);
  }
  const guarded = inPlaceOf(Compiled, { construct });
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
  const guardStreaming = (name: 'compileStreaming' | 'instantiateStreaming'): void => {
    // eslint-disable-next-line @typescript-eslint/require-await -- the same
    replace<Method>(wasm, name, (stream) => async (source, imports, options) => {
      // The bytes are complete only after the compilation has ended.
      enter('wasm', `WebAssembly.${name}`);
      return ReflectApply(stream, wasm, [source, imports, options]);
    });
  };
  guardStreaming('compileStreaming');
  guardStreaming('instantiateStreaming');
}
