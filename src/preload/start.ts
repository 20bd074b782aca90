import { checkWithoutFile, checkFromFd } from '../interactive.js';
import { embedded } from '../executable/embedded.js';
import { builtin } from './lib/builtins.js';
import { isLoaderThread } from './lib/loader-thread.js';
import { isClosed } from './enforcement.js';
import { isAudited, strict } from './settings.js';
import { anythingIsEnforced } from '../policy.js';
import { isOptionName } from './inherit/given-name.js';
import { givenOptions } from './inherit/given-options.js';
import { moduleExports } from './load/node-module.js';
import { fileOption, type GivenOption } from '../tables/words.js';
import { isPreload, preloadPath, WITHOUT_EVAL } from './inherit/preload-option.js';
import { refuse, refuseName, refuseOption, checkOptions } from './inherit/check-options.js';
import { commandLine } from './inherit/started-with.js';
import { tellOfStdinText } from './stdin-text.js';
import { isMainThread } from '../main-thread.js';

/** Node's own names for its command-line settings. */
interface ProcessInternals {
  readonly _eval?: string;
  readonly _forceRepl?: boolean;
  readonly _preload_modules?: readonly string[];
  readonly _syntax_check_only?: boolean;
}
const node = process as unknown as ProcessInternals;

const named = (name: string): GivenOption | undefined =>
  givenOptions.find((option) => option.name === name);

/**
 * Whether this thread has loaded no ES module, and the hooks see each one that it loads. Nobody sees
 * those of hooks on a thread of their own, nor what the main script of a single executable
 * application imports.
 */
export const seesEveryImport = (): boolean =>
  embedded === undefined &&
  node._preload_modules?.[0] === preloadPath() &&
  !isLoaderThread() &&
  !builtin<{ isSea: () => boolean }>('node:sea').isSea();

/**
 * The code that ran before this preload, in words. Undefined when there was none. Node runs
 * NODE_OPTIONS before the command line, and every --require before any --import.
 */
function ranBefore(): string | undefined {
  const required = node._preload_modules ?? [];
  const firstRequired = required[0];
  // The executable's main script, and the code that starts its Workers, run before any --import.
  if (embedded !== undefined) return firstRequired && `--require ${firstRequired}`;
  if (firstRequired !== undefined) {
    return isPreload(firstRequired) ? undefined : `--require ${firstRequired}`;
  }
  const firstImported = givenOptions.find(({ name }) => name === '--import')?.value;
  if (firstImported !== undefined) {
    return isPreload(firstImported) ? undefined : `--import ${firstImported}`;
  }
  // A Worker inherits --import even when NODE_OPTIONS was removed from the environment later.
  return isMainThread ? 'the program itself' : undefined;
}

/**
 * Refuses a start in which unchecked code may have run. A log records it even without a
 * restriction.
 */
function refuseUncheckedCode(): void {
  const before = ranBefore();
  if (before !== undefined) {
    refuse(
      'start',
      `code ran before mayexec's preload could check it: ${before}. Put --require=${preloadPath()} first, in NODE_OPTIONS, or use mayexec run`,
    );
  }
  checkOptions(givenOptions);
  // Node reads such files once for the whole process. The executable reads none.
  if (isMainThread && embedded === undefined) {
    const words = commandLine();
    const name = words[0] ?? '';
    if (isOptionName(name)) refuseName(name);
    const file = fileOption(words);
    if (file !== undefined) refuseOption(file.name, file);
  }
  const cache = moduleExports.getCompileCacheDir?.();
  if (cache !== undefined) {
    refuse(
      'start',
      `the compile cache in '${cache}' holds unchecked bytecode. Unset NODE_COMPILE_CACHE. mayexec run --bytecode has a cache that is checked`,
    );
  }
  if (isClosed('eval') && embedded?.strict !== true && named(WITHOUT_EVAL) === undefined) {
    const instead = embedded === undefined ? 'use mayexec run --strict' : 'build it with --strict';
    refuse('start', `MAYEXEC_STRICT needs Node's option ${WITHOUT_EVAL}: ${instead}`);
  }
}

function isTerminal(fd: number): boolean {
  return builtin<{ isatty: (fd: number) => boolean }>('node:tty').isatty(fd);
}

function readsStandardInput(): boolean {
  const script = process.argv[1];
  if (script !== undefined && script !== '-') return false;
  return !runsOwnProgram();
}

/** Whether the process starts with a text that is no file's: `-e`, or standard input. */
export function startsText(): boolean {
  return node._eval !== undefined || readsStandardInput();
}

/** Whether the process starts a REPL by itself. */
export function startsRepl(): boolean {
  if (!isMainThread) return false;
  if (node._forceRepl === true) return true;
  return (
    node._eval === undefined &&
    process.argv[1] === undefined &&
    readsStandardInput() &&
    isTerminal(0)
  );
}

/**
 * Whether Node runs a program of its own, which may start processes without asking for a module.
 */
export function runsOwnProgram(): boolean {
  return givenOptions.some(({ row }) => row?.ownProgram === true);
}

/** Whether the inspector is open from the start. */
function servesDebugger({ name, row }: GivenOption): boolean {
  return row?.effect === 'inspector' || /^--inspect-(?:brk|wait)/.test(name);
}

/** Checks code that comes from no file, and publishes the verdict. Throws when it is refused. */
function checkInteractiveStart(): void {
  if (givenOptions.some(servesDebugger)) checkWithoutFile('inspector');
  if (!isMainThread) return;

  const script = process.argv[1];
  if (node._eval !== undefined || node._forceRepl === true) {
    checkWithoutFile(node._eval === undefined ? 'repl' : 'eval', node._eval);
  } else if (script !== undefined && isDebugger(script)) {
    checkWithoutFile('inspector');
  } else if (readsStandardInput()) {
    if (script === undefined && isTerminal(0)) checkWithoutFile('repl');
    else tellOfStdinText(checkFromFd(0, 'stdin'));
  }
}

/** Whether it is `node inspect`. The path of a script is absolute here, so this is not one. */
function isDebugger(script: string): boolean {
  return script === 'inspect' || script === 'debug';
}

/**
 * Decides whether this process or Worker may start, before the program runs. Throws
 * ExecDeniedError, or UnsupportedError when the answer is unknown.
 */
export function checkStart(): void {
  if (strict || isAudited || anythingIsEnforced()) refuseUncheckedCode();
  checkInteractiveStart();
}
