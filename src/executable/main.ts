/**
 * Main script of the executable that `mayexec build-node` makes. First it does the work of
 * mayexec/register. Then it does the work of Node's own main scripts, because a single executable
 * application runs only this script. docs/build-node.md.
 */
import { loadOwnAddon } from './addon.js';
import { embedded } from './embedded.js';
import { builtin } from '../preload/lib/builtins.js';
import { anythingIsEnforced } from '../policy.js';
import type { CommandLine } from './command-line.js';
import {
  evaluate,
  importModules,
  loadFirst,
  prepareImport,
  prepareRepl,
  readStandardInput,
  runFile,
  runURL,
} from './run.js';
import { applyOptions } from './apply-options.js';
import { readCommandLine } from './read-command-line.js';
import { runTests } from './test.js';
import { parseAllWords } from '../tables/words.js';
import { watchProgram } from './watch.js';
import { setInherited, type WorkerStart } from './workers.js';
import { boot } from '../preload/boot.js';
import { isMainThread } from '../main-thread.js';
import { installOnce } from '../preload/install-once.js';
import { removeVariables } from '../preload/inherit/child-environment.js';
import { endWith } from '../preload/end-process.js';

function installHere(): void {
  installOnce();
  prepareImport();
  try {
    boot();
  } catch (error) {
    endWith(error as Error);
  }
  if (anythingIsEnforced()) removeVariables(process.env);
}

/** Node's options that mean something in a Worker as well. */
function optionsForWorkers({ imports, conditions, flags }: CommandLine): string[] {
  const shared = Object.keys(flags).filter((name) =>
    /-source-maps$|-warnings$|-deprecation$/.test(name),
  );
  return [
    ...(embedded?.workerOptions ?? []),
    ...shared,
    ...conditions.map((condition) => `--conditions=${condition}`),
    ...imports.map((specifier) => `--import=${specifier}`),
  ];
}

function isTerminal(fd: number): boolean {
  return builtin<{ isatty: (fd: number) => boolean }>('node:tty').isatty(fd);
}

/** Returns a function that runs the program, for use after everything else is loaded. */
function program(line: CommandLine): () => void {
  const { flags, values, rest } = line;
  const code = values['--eval'];
  const inputType = values['--input-type'];
  const print = flags['--print'] === true;
  const script = rest[0] === '-' ? undefined : rest[0];
  // As in Node, a script still runs.
  const interactive = flags['--interactive'] === true;

  if (flags['--test'] === true) {
    return () => {
      runTests(line);
    };
  }
  if (code !== undefined) {
    const repl = interactive ? prepareRepl() : undefined;
    return () => {
      evaluate(code, '[eval]', { inputType, print });
      repl?.();
    };
  }
  if (script !== undefined) {
    return () => {
      if (flags['--entry-url'] === true) runURL(script);
      else runFile(process.argv[1] as string);
    };
  }
  if (interactive || isTerminal(0)) return prepareRepl();
  return () => {
    readStandardInput((text) => {
      evaluate(text, '[stdin]', { inputType, print });
    });
  };
}

function startMain(): void {
  const line = readCommandLine();
  loadOwnAddon();
  setInherited({
    execArgv: line.execArgv,
    options: optionsForWorkers(line),
    requires: line.requires,
  });
  // It keeps functions that it needs before `strict` closes the gates.
  const run = program(line);
  applyOptions(line);
  installHere();
  if (line.flags['--watch'] === true) {
    watchProgram(line);
    return;
  }
  loadFirst(line.requires);
  if (line.imports.length > 0) importModules(line.imports, run);
  else run();
}

/** Called in a Worker before its program: workers.ts. */
export function startWorker(start: WorkerStart, addon: string): void {
  loadOwnAddon(addon);
  setInherited(start);
  installHere();
  process.execArgv = [...start.execArgv];
  loadFirst(start.requires);
  const { code, options } = start;
  if (code === undefined) return;
  const inputType = parseAllWords(options).find(({ name }) => name === '--input-type')?.value;
  evaluate(code, '[worker eval]', { inputType });
}

// A Worker has no command line.
if (isMainThread) startMain();
