import Module from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import vm from 'node:vm';
import type { ReplOptions, REPLServer } from 'node:repl';

import { builtin } from '../preload/lib/builtins.js';
import { undisturbed } from '../preload/lib/undisturbed.js';
import { moduleExports } from '../preload/load/node-module.js';

/* The work of Node's own main scripts, done with Node's public API. */

interface ModuleInternals {
  prototype: { _compile: (this: Module, text: string, filename: string) => void };
  runMain: (path?: string) => void;
  _preloadModules: (requests: readonly string[]) => void;
  _nodeModulePaths: (from: string) => string[];
  stripTypeScriptTypes?: (text: string, options?: object) => string;
}
const internals = Module as unknown as ModuleInternals;
// Taken before `strict` closes the gates.
const { Script, constants } = vm;
const { _compile } = internals.prototype;
const { registerHooks } = moduleExports;

/** A module that stands for code without a file, in the current directory. */
function moduleNamed(name: string): Module {
  const module = new Module(name);
  module.filename = join(process.cwd(), name);
  module.paths = internals._nodeModulePaths(process.cwd());
  return module;
}

/** Compiles a function expression as part of such a module. */
function compileIn(module: Module, expression: string): unknown {
  _compile.call(module, `module.exports = ${expression};`, `${module.id}-wrapper`);
  const { exports } = module as { exports: unknown };
  module.exports = {};
  return exports;
}

/** import(), as it is in a script in the current directory. */
function importer(): (specifier: string) => Promise<unknown> {
  const module = moduleNamed('[import]');
  _compile.call(module, 'module.exports = (specifier) => import(specifier);', module.filename);
  return (module as { exports: unknown }).exports as (specifier: string) => Promise<unknown>;
}
/** import() of a specifier, from the current directory. */
export let importModule: (specifier: string) => Promise<unknown>;

/** Call this before a program runs that could change how a module is compiled. */
export function prepareImport(): void {
  importModule = importer();
}

/** Ends the process as Node does after an uncaught error. */
export function fatal(error: unknown): void {
  process.nextTick(() => {
    throw error;
  });
}

/**
 * Runs a file by its path. Node looks it up, checks it and loads it like the argument of `node`.
 */
export function runFile(path: string): void {
  internals.runMain(path);
}

/** Loads the modules of --require. */
export function loadFirst(requests: readonly string[]): void {
  if (requests.length > 0) internals._preloadModules(requests);
}

/** Loads the modules of --import one after the other, and then runs the program. */
export function importModules(specifiers: readonly string[], then: () => void): void {
  const load = async (): Promise<void> => {
    for (const specifier of specifiers) await importModule(specifier);
    // Outside of the promise, so that an error of the program is not a rejection.
    setImmediate(then);
  };
  load().catch(fatal);
}

export function runURL(url: string): void {
  importModule(new URL(url, pathToFileURL(`${process.cwd()}/`)).href).catch(fatal);
}

const ONLY_IN_MODULES =
  /Cannot use import statement outside a module|Unexpected token 'export'|Cannot use 'import\.meta' outside a module|await is only valid in async functions and the top level bodies of modules/;

let modules = 0;

/** An ES module without a file, in the current directory. */
function evaluateModule(source: string): void {
  const url = `${pathToFileURL(`${process.cwd()}/`).href}[eval${++modules}]`;
  registerHooks?.({
    resolve: (specifier, context, next) =>
      specifier === url ? { url, format: 'module', shortCircuit: true } : next(specifier, context),
    load: (asked, context, next) =>
      asked === url ? { source, format: 'module', shortCircuit: true } : next(asked, context),
  });
  importModule(url).catch(fatal);
}

/** The names that Node gives a script without a file, on globalThis. */
function defineGlobals(name: string): void {
  const module = moduleNamed(name);
  const require = compileIn(module, 'require');
  const globals = {
    module,
    exports: module.exports as unknown,
    require,
    __filename: name,
    __dirname: dirname(name),
  };
  for (const [key, value] of Object.entries(globals)) {
    Object.defineProperty(globalThis, key, {
      value,
      configurable: true,
      enumerable: true,
      writable: true,
    });
  }
}

/** Defines the builtin modules by their names, as Node does for --eval and in a REPL. */
function defineBuiltins(): void {
  for (const name of Module.builtinModules) {
    if (/[^a-z0-9_]|^_|^(?:console|process)$/.test(name) || name in globalThis) continue;
    const set = (value: unknown): void => {
      Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
    };
    Object.defineProperty(globalThis, name, {
      get: () => {
        // By the public function, so that the preload notices that the program asks for it.
        const value: unknown = process.getBuiltinModule(name);
        set(value);
        return value;
      },
      set,
      configurable: true,
      enumerable: false,
    });
  }
}

/** Hides a warning: Node calls this experimental, but uses it itself. */
const quietly = <T>(run: () => T): T => undisturbed(process, 'emitWarning', () => undefined, run);

/** Runs code that has no file: an argument, standard input, or a Worker's. */
export function evaluate(
  text: string,
  name: string,
  { inputType = '', print = false }: { inputType?: string | undefined; print?: boolean } = {},
): void {
  const source = inputType.endsWith('typescript')
    ? (internals.stripTypeScriptTypes?.(text) ?? text)
    : text;
  if (inputType.startsWith('module')) {
    evaluateModule(source);
    return;
  }
  let script;
  try {
    script = quietly(
      () =>
        new Script(source, {
          filename: name,
          importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
        }),
    );
  } catch (error) {
    if (inputType !== '' || print || !ONLY_IN_MODULES.test((error as Error).message)) throw error;
    evaluateModule(source);
    return;
  }
  defineGlobals(name);
  if (name === '[eval]') defineBuiltins();
  const result: unknown = script.runInThisContext({ displayErrors: true });
  if (print) console.log(result);
}

/**
 * Returns a function that starts a REPL, as `node` does on a terminal. It loads no module that the
 * environment names.
 */
export function prepareRepl(): () => void {
  const repl = builtin<{ start: (options: ReplOptions) => REPLServer }>('node:repl');
  // Taken before `strict` replaces it.
  const start = repl.start.bind(repl);
  return () => {
    console.log(`Welcome to Node.js ${process.version}.\nType ".help" for more information.`);
    defineGlobals('<repl>');
    defineBuiltins();
    const server = start({ useGlobal: true, breakEvalOnSigint: true });
    server.on('exit', () => {
      process.exit();
    });
    server.setupHistory(process.env['NODE_REPL_HISTORY'] as string, (error) => {
      if (error !== null) throw error;
    });
  };
}

export function readStandardInput(then: (text: string) => void): void {
  let text = '';
  process.stdin.setEncoding('utf8');
  process.stdin.on('data', (chunk: string) => (text += chunk));
  process.stdin.on('end', () => {
    process.stdin.removeAllListeners();
    then(text);
  });
}
