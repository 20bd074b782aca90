/**
 * Programs that may run, and make code of a string or of data: what `strict` closes. Each is a
 * file of strict/.
 */
import { readFileSync } from 'node:fs';

import type { Gate } from '../../src/preload/guard/gates.js';
import type { Major } from './versions.js';

export interface StrictWay {
  name: string;
  /** The gate that opens it again. */
  gate?: Gate;
  program: Record<string, string>;
  args: string[];
  since?: Major;
  /** The program keeps the refusal to itself, or what is closed leads nowhere. */
  unsaid?: true;
  /** An option of Node that is refused before the program runs. */
  option?: string;
  /** Gates that are open anyway. */
  open?: Gate[];
}

/** What a program may load: nothing, and a text with types. */
const approved: Record<string, string> = {
  'approved.cjs': '',
  'approved.mjs': '',
  'approved.cts': `const approved: string = 'approved types';`,
};

/** A module with a function f that gives 1. */
const WASM =
  '\0asm\x01\0\0\0' +
  '\x01\x05\x01\x60\0\x01\x7f\x03\x02\x01\0' +
  '\x07\x05\x01\x01f\0\0\x0a\x06\x01\x04\0\x41\x01\x0b';

/** Texts with types, under names of files without. */
const TYPED = {
  'typed.mjs': `export const text: string = 'approved types';`,
  'typed.cjs': `exports.said = 'approved types' as string;`,
};

function way(
  name: string,
  gate: Gate | undefined,
  file: string,
  more: {
    /** Stands before the program, and is refused as long as the gate is closed. */
    option?: string;
    words?: string[];
    /** They are known to be harmless. */
    flags?: string[];
    since?: Major;
    unsaid?: true;
    open?: Gate[];
    files?: Record<string, string>;
  } = {},
): StrictWay {
  const { words = [], flags = [], files, ...rest } = more;
  const program = readFileSync(new URL(`strict/${file}`, import.meta.url), 'utf8');
  return {
    name,
    ...(gate === undefined ? {} : { gate }),
    program: { ...approved, ...files, [file]: program },
    args: [...flags, ...(more.option === undefined ? [] : [more.option]), file, ...words],
    ...rest,
  };
}

const VM_MODULES = { option: '--experimental-vm-modules' };

/** How a program starts something under MAYEXEC_STRICT=audit, by which nothing is refused. */
const AUDIT = [
  'a child',
  'a fork of a changed process.env',
  'the program that it becomes',
  'a Worker',
  'a Worker of a changed process.env',
];

export const strictWays: StrictWay[] = [
  way('eval', 'eval', 'eval.cjs'),
  way('indirect eval', 'eval', 'indirect-eval.cjs'),
  way('new Function', 'eval', 'new-function.cjs'),
  way('the constructor of a function', 'eval', 'constructor-of-a-function.cjs'),
  way('the constructor of an async function', 'eval', 'async-function.cjs'),
  way('the constructor of a generator', 'eval', 'generator-function.cjs'),
  way('the constructor of an async generator', 'eval', 'async-generator-function.cjs'),
  way('a subclass of Function', 'eval', 'subclass-of-function.cjs'),
  way('Reflect.construct of Function', 'eval', 'reflect-construct.cjs'),
  way('eval in a Worker', 'eval', 'eval-in-a-worker.cjs'),
  way('a string in a Worker that shares a changed process.env', 'vm', 'vm-in-a-sharing-worker.cjs'),
  way('the text of a Worker, by a message', undefined, 'text-of-a-worker.cjs'),
  way('eval in a fork', 'eval', 'eval-in-a-fork.cjs'),
  way('vm.runInThisContext', 'vm', 'vm-run-in-this-context.cjs'),
  way('vm.runInNewContext', 'vm', 'vm-run-in-new-context.cjs'),
  way('vm.runInContext', 'vm', 'vm-run-in-context.cjs'),
  way('vm.Script', 'vm', 'vm-script.cjs'),
  way('vm.compileFunction', 'vm', 'vm-compile-function.cjs'),
  way('vm by import', 'vm', 'vm-by-import.cjs'),
  way('vm by getBuiltinModule', 'vm', 'vm-by-get-builtin-module.cjs'),
  way('vm.SourceTextModule', 'vm', 'vm-source-text-module.cjs', VM_MODULES),
  way('the class behind vm.SyntheticModule', 'vm', 'class-of-vm-modules.cjs', VM_MODULES),
  way('vm that a hook resolves to without node:', 'vm', 'vm-that-a-hook-resolves-to.cjs'),
  way('Function of a context that is not contextified', 'vm', 'dont-contextify.cjs'),
  way('Function of the realm that a port was moved to', 'vm', 'port-of-another-realm.cjs'),
  way("Function of Node's own realm, by an error of a URL", 'eval', 'own-realm-by-url.cjs', {
    unsaid: true,
  }),
  way("Function of Node's own realm, by an error of a stream", 'eval', 'own-realm-by-stream.cjs', {
    unsaid: true,
  }),
  way("WebAssembly of Node's own realm", 'wasm', 'own-realm-wasm.cjs', {
    open: ['eval'],
    unsaid: true,
  }),
  way('moving a port', 'vm', 'port-without-context.cjs', { unsaid: true }),
  way('Module#_compile', 'compile', 'module-compile.cjs'),
  way(
    'Module#_compile by the name of an approved file',
    'compile',
    'module-compile-by-an-approved-name.cjs',
  ),
  way('Module#_compile of data that failed its check', 'compile', 'data-that-is-compiled.cjs', {
    open: ['data'],
  }),
  way('module.constructor', 'compile', 'module-constructor.cjs'),
  way('require.extensions', 'compile', 'require-extensions.cjs'),
  way('Module._extensions replaced', 'compile', 'module-extensions-replaced.cjs'),
  way('Module.wrap replaced', 'compile', 'module-wrap-replaced.cjs'),
  way('Module.wrapper changed', 'compile', 'module-wrapper-changed.cjs'),
  way('an accessor on Module.wrapper', 'compile', 'accessor-on-module-wrapper.cjs'),
  way('TextDecoder patched under the stripping of types', 'compile', 'patched-text-decoder.cjs', {
    open: ['wasm'],
  }),
  ...['nearer', 'between', 'species'].map((how) =>
    way(`false bytes for the stripping of types: ${how}`, 'compile', 'false-bytes-of-types.cjs', {
      words: [how],
    }),
  ),
  way('a decoder that Node keeps for the stripping of types', 'compile', 'own-stripper.cjs'),
  way('a decoder that comes with a warning', 'compile', 'own-stripper-by-a-warning.cjs'),
  way('types that can be stripped later', undefined, 'patched-after-a-failure.mjs', {
    files: { 'enumeration.mts': `enum Approved { Red } // ${'long '.repeat(20)}` },
  }),
  ...[
    ['module-typescript', 'import'],
    ['commonjs-typescript', 'import'],
    ['commonjs-typescript', 'require'],
  ].map((words) =>
    way(`types that only a hook finds: ${words.join(' by ')}`, 'compile', 'format-of-a-hook.cjs', {
      words,
      files: TYPED,
    }),
  ),
  // With the gate open what it compiled is not what Node needs; it says RAN all the same.
  way('Buffer.from patched under the stripping of types', undefined, 'patched-buffer-from.cjs'),
  way('a module hook that replaces a source', 'hooks', 'hook-replaces-source.cjs'),
  way('a module hook that short-circuits', 'hooks', 'hook-short-circuits.cjs'),
  way('WebAssembly.Module', 'wasm', 'web-assembly-module.cjs'),
  way('the class of WebAssembly.Module, by util.inspect', 'wasm', 'class-of-wasm-by-inspect.cjs'),
  way('WebAssembly.compile', 'wasm', 'web-assembly-compile.cjs'),
  way('WebAssembly.instantiate', 'wasm', 'web-assembly-instantiate.cjs'),
  way('WebAssembly from a response', 'wasm', 'wasm-streamed.cjs'),
  way('WebAssembly from bytes with a false prototype', 'wasm', 'wasm-with-a-false-prototype.cjs'),
  way('WebAssembly from bytes with a species', 'wasm', 'wasm-with-a-species.cjs'),
  way('WebAssembly behind a false iterator', 'wasm', 'wasm-with-a-false-iterator.cjs'),
  way(
    'bytes of WebAssembly that a hook changes later',
    'wasm',
    'wasm-written-after-its-check.cjs',
    {
      files: { 'approved.wasm': WASM },
    },
  ),
  way("the class of Node's modules, by a promise", 'vm', 'promise-of-a-module.cjs', {
    words: ['class'],
  }),
  way("Node's loader, by a promise", 'vm', 'promise-of-a-module.cjs', {
    words: ['loader'],
    since: 24,
  }),
  way("the class of Node's modules, by util.inspect", 'vm', 'class-of-modules-by-inspect.cjs'),
  ...['handler', 'extension', 'compile', 'site'].map((how) =>
    way(`Node's loader, called by Node: ${how}`, 'vm', 'loader-called-by-node.cjs', {
      words: [how],
      since: 24,
      unsaid: true,
    }),
  ),
  way("another source, by the loader's own load", 'vm', 'load-of-the-loader.cjs', {
    since: 24,
    files: { 'other.mjs': '' },
    unsaid: true,
  }),
  way("another source in the place of Node's own", undefined, 'written-source.cjs', {
    flags: ['--experimental-wasm-modules'],
    files: { 'approved.wasm': WASM },
  }),
  way("other bytes for Node's own WebAssembly", 'wasm', 'own-wasm.cjs', { unsaid: true }),
  way(
    "other bytes for Node's own WebAssembly, where its scripts cannot be read",
    'wasm',
    'own-wasm-without-scripts.cjs',
    {
      unsaid: true,
      files: {
        'own-wasm.cjs': readFileSync(new URL('strict/own-wasm.cjs', import.meta.url), 'utf8'),
      },
    },
  ),
  way(
    "Node's loader, for a module that is named as a script of Node's",
    'hooks',
    'named-as-node.mjs',
    {
      since: 24,
      open: ['vm'],
    },
  ),
  way('node:ffi', 'ffi', 'ffi.cjs', { since: 26 }),
  way('process.binding', 'binding', 'process-binding.cjs'),
  way('v8.setFlagsFromString', 'flags', 'v8-set-flags-from-string.cjs'),
  way('inspector.Session', 'inspector', 'inspector-session.cjs'),
  way('process._debugProcess', 'inspector', 'debug-process.cjs'),
  way('a mocked module', undefined, 'mocked-module.cjs', {
    option: '--experimental-test-module-mocks',
  }),
  way('JSON that may not run', 'data', 'json-that-may-not-run.cjs'),
  ...AUDIT.map((how) =>
    way(`vm in ${how} that was told to audit alone`, 'vm', 'strictness-turned-to-audit.cjs', {
      words: [how],
    }),
  ),
];

/** What strict leaves alone. */
export const ordinary: StrictWay[] = [
  way('require', undefined, 'ordinary-require.cjs'),
  way('import', undefined, 'ordinary-import.cjs'),
  way('fetch', undefined, 'ordinary-fetch.cjs'),
  way('naming what is closed', undefined, 'ordinary-names.mjs'),
  way('TypeScript', undefined, 'ordinary-typescript.ts'),
  way('TypeScript by a hook', undefined, 'ordinary-hook-of-types.mjs', { files: TYPED }),
  way(
    'import of TypeScript in CommonJS',
    undefined,
    'ordinary-import-of-typescript-in-commonjs.mjs',
    {
      files: { 'approved.cts': `const s: string = 'RAN\\n'; require('fs').writeSync(1, s);` },
    },
  ),
];
