import type { WorkerOptions } from 'node:worker_threads';

import { append } from '../preload/lib/append.js';
import { ASSETS } from './embedded.js';
import { anythingIsEnforced } from '../policy.js';
import {
  StringPrototypeCharAt,
  StringPrototypeIndexOf,
  ArrayIsArray,
  StringPrototypeSlice,
  StringOf,
} from '../preload/lib/primordials.js';
import { refused } from '../preload/refused.js';

/** What a Worker of the executable is told. It goes as JSON through its first line of code. */
export interface WorkerStart {
  /** process.execArgv, as its program is to see it. */
  readonly execArgv: readonly string[];
  /** Node's options, for the Workers that it starts. */
  readonly options: readonly string[];
  /** What --require names. Node would load it before the preload. */
  readonly requires: readonly string[];
  /** The code of a Worker that has no file. */
  readonly code?: string;
}

interface OwnOptions extends Record<string, unknown> {
  execArgv?: unknown;
  env?: unknown;
  eval?: unknown;
}

const { stringify } = JSON;
const encode = encodeURIComponent;

/**
 * Runs the preload in a Worker, which starts without the executable's main
 * script. In a new realm nobody has patched anything yet.
 */
function boot(start: WorkerStart): string {
  return `{
const module = { exports: {} };
process.getBuiltinModule('node:vm').compileFunction(
  process.getBuiltinModule('node:sea').getAsset('${ASSETS.preload}', 'utf8'),
  ['require', 'module', 'exports', '__filename', '__dirname'], { filename: 'mayexec.cjs' },
)(process.getBuiltinModule('node:module').createRequire('file:///'), module, module.exports, process.execPath, '/');
module.exports.startWorker(${stringify(start)});
}`;
}

/** Underscores count as dashes, as in Node. */
function dashed(name: string): string {
  let result = '';
  for (let i = 0; i < name.length; i++) {
    const character = StringPrototypeCharAt(name, i);
    result += character === '_' ? '-' : character;
  }
  return result;
}

/** Moves every --require out of a Worker's options. */
function split(words: readonly string[]): { options: string[]; requires: string[] } {
  const options: string[] = [];
  const requires: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string;
    const equals = StringPrototypeIndexOf(word, '=');
    const name = dashed(equals < 0 ? word : StringPrototypeSlice(word, 0, equals));
    if (name === '--require' || name === '-r') {
      append(requires, equals < 0 ? (words[++i] ?? '') : StringPrototypeSlice(word, equals + 1));
      continue;
    }
    if ((name === '--experimental-loader' || name === '--loader') && anythingIsEnforced()) {
      throw refused(`the option ${name} loads hooks on a thread that checks nothing`);
    }
    append(options, word);
  }
  return { options, requires };
}

/** What the Workers of this thread inherit when they are given no arguments. */
let inherited: Omit<WorkerStart, 'code'> = { execArgv: [], options: [], requires: [] };

export function setInherited(start: WorkerStart): void {
  const { execArgv, options, requires } = start;
  inherited = { execArgv, options, requires };
}

function startOf({ execArgv }: OwnOptions): Omit<WorkerStart, 'code'> {
  if (!ArrayIsArray(execArgv)) return inherited;
  const words: string[] = [];
  for (let i = 0; i < execArgv.length; i++) append(words, StringOf(execArgv[i]));
  return { execArgv: words, ...split(words) };
}

const HEAD = 'data:text/javascript,';

/**
 * How Node is to start a Worker with the preload first: the code, or file, and
 * the options. `own` is a copy without a prototype that the caller made.
 */
export function workerWithPreload(
  filename: string | URL,
  own: OwnOptions,
  environment: object | undefined,
): [filename: string | URL, options: WorkerOptions] {
  const start = startOf(own);
  const execArgv: string[] = [];
  // Else they would be taken from the environment, and come before the preload.
  if (environment !== undefined) own.env = environment;
  let program = filename;
  if (own.eval !== undefined && Boolean(own.eval) && typeof filename === 'string') {
    // Node loads no --import in such a Worker.
    program = boot({ ...start, code: filename });
  } else {
    append(execArgv, '--import');
    append(execArgv, HEAD + encode(boot(start)));
  }
  for (let i = 0; i < start.options.length; i++) {
    append(execArgv, start.options[i] as string);
  }
  own.execArgv = execArgv;
  return [program, own as WorkerOptions];
}
