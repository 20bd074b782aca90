import type { WorkerOptions } from 'node:worker_threads';

import { append } from '../preload/lib/append.js';
import { ownAddon } from './addon.js';
import { ASSETS } from './embedded.js';
import { anythingIsEnforced } from '../policy.js';
import { checkOptions } from '../preload/inherit/check-options.js';
import { ArrayIsArray, StringOf } from '../preload/lib/primordials.js';
import { parseAllWords, type GivenOption } from '../tables/words.js';

/** The settings of a Worker of the executable. Its first line of code contains them as JSON. */
export interface WorkerStart {
  /** process.execArgv for its program. */
  readonly execArgv: readonly string[];
  /** Node's options, for the Workers that it starts. */
  readonly options: readonly string[];
  /** The modules of --require, which Node would load before the preload. */
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
 * Runs the preload in a Worker, which starts without the executable's main script. The realm is
 * new, so no program has changed it yet.
 */
function boot(start: WorkerStart): string {
  return `{
const module = { exports: {} };
process.getBuiltinModule('node:vm').compileFunction(
  process.getBuiltinModule('node:sea').getAsset('${ASSETS.preload}', 'utf8'),
  ['require', 'module', 'exports', '__filename', '__dirname'], { filename: 'mayexec.cjs' },
)(process.getBuiltinModule('node:module').createRequire('file:///'), module, module.exports, process.execPath, '/');
module.exports.startWorker(${stringify(start)}, ${stringify(ownAddon())});
}`;
}

/**
 * Moves every --require out of a Worker's options. Throws ExecDeniedError for an option that a
 * restriction refuses.
 */
function split(words: readonly string[]): { options: string[]; requires: string[] } {
  const given = parseAllWords(words);
  if (anythingIsEnforced()) checkOptions(given);
  const options: string[] = [];
  const requires: string[] = [];
  let next = 0;
  for (let i = 0; i < given.length; i++) {
    const { name, value, from, to } = given[i] as GivenOption;
    if (name !== '--require') continue;
    while (next < from) append(options, words[next++] as string);
    append(requires, value ?? '');
    next = to;
  }
  while (next < words.length) append(options, words[next++] as string);
  return { options, requires };
}

/** The settings that Workers of this thread inherit when they are given no arguments. */
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
 * The code or file and the options for a Worker that runs the preload first. `own` is the caller's
 * copy without a prototype.
 */
export function workerWithPreload(
  filename: string | URL,
  own: OwnOptions,
  environment: object | undefined,
): [filename: string | URL, options: WorkerOptions] {
  const start = startOf(own);
  const execArgv: string[] = [];
  // Otherwise Node would take them from the environment, and obey them before the preload.
  if (environment !== undefined) own.env = environment;
  let program = filename;
  if (!!own.eval && typeof filename === 'string') {
    // Node does not load --import in such a Worker.
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
