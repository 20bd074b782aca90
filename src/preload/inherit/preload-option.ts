import { createRequire } from 'node:module';
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { parseNodeOptions, parseWords, type GivenOption } from '../../tables/words.js';
import {
  StringPrototypeCharAt,
  StringPrototypeEndsWith,
  StringPrototypeIncludes,
  StringPrototypeSlice,
  StringPrototypeStartsWith,
} from '../lib/primordials.js';

const node = process as unknown as { readonly _preload_modules?: readonly string[] };
/** A Worker that runs a string loads --require, but not --import. */
const wasRequired = (node._preload_modules ?? []).length > 0;

let path: string | undefined;

let inWorkers = true;

/** Call this where the program began without a preload. Its Workers then load this file. */
export function setPreloadOfWorkers(file: string): void {
  path = file;
  inWorkers = false;
}

/** Whether a Worker loads this thread's preload by itself. One that runs a string needs --require. */
export function isLoadedInWorkers(runsString: boolean): boolean {
  return inWorkers && (wasRequired || !runsString);
}

/**
 * The preload's own file. The path is absolute, since a bare name would be looked up from
 * the current directory.
 */
export function preloadPath(): string {
  path ??= StringPrototypeEndsWith(import.meta.filename, '/register.cjs')
    ? import.meta.filename
    : createRequire(import.meta.filename).resolve('mayexec/register');
  return path;
}

/**
 * Quotes for NODE_OPTIONS: Node splits at spaces outside double quotes, and a backslash
 * escapes within them.
 */
function quoteOption(argument: string): string {
  if (
    !StringPrototypeIncludes(argument, ' ') &&
    !StringPrototypeIncludes(argument, '"') &&
    !StringPrototypeIncludes(argument, '\\')
  ) {
    return argument;
  }
  let quoted = '"';
  for (let i = 0; i < argument.length; i++) {
    const character = StringPrototypeCharAt(argument, i);
    quoted += character === '"' || character === '\\' ? `\\${character}` : character;
  }
  return `${quoted}"`;
}

/**
 * Makes V8 refuse eval and new Function, in Workers too. It has no effect on the contexts
 * that node:vm makes.
 */
export const WITHOUT_EVAL = '--disallow-code-generation-from-strings';

/** Without it SIGUSR1 opens the inspector of a Node in which the preload has not run yet. */
const WITHOUT_SIGNAL = '--disable-sigusr1';

/** What the preload closes by options of Node's. */
export interface Closing {
  readonly eval: boolean;
  /**
   * Undefined leaves what NODE_OPTIONS say about the signal. The option belongs to the process, so
   * Node refuses it for a Worker.
   */
  readonly signal: boolean | undefined;
}

export const ALLOW_ADDONS = '--allow-addons';

/**
 * Lets Node read the preload under --permission. Node allows that by itself only when the program
 * is a file.
 */
const mayBeRead = (): string => quoteOption(`--allow-fs-read=${preloadPath()}`);

/**
 * Also lets it load its addon. Right behind the preload, this right is for the preload alone, so
 * the program must not see Node's warning about it. Since Node 24 the warning has a code.
 */
const mayLoad = (): string => `${ALLOW_ADDONS} --disable-warning=PERM0001 ${mayBeRead()}`;

/** NODE_OPTIONS for a program under --permission. */
export function preloadOptions(): string {
  return withPreload(undefined, { eval: false, signal: undefined }, ['--permission']);
}

function names(options: readonly GivenOption[], name: string): boolean {
  for (let i = 0; i < options.length; i++) if (options[i]?.name === name) return true;
  return false;
}

/** The options that the preload needs under Node's permission model, if these words turn it on. */
function rights(words: readonly string[], nodeOptions: string): string | undefined {
  const inherited = parseNodeOptions(nodeOptions);
  const { options } = parseWords(words);
  const has = (name: string): boolean => names(inherited, name) || names(options, name);
  // Node 24 loads no addons with the second one, either.
  if (!has('--permission') && !has('--permission-audit')) return undefined;
  return has(ALLOW_ADDONS) ? mayBeRead() : mayLoad();
}

/** The rest of NODE_OPTIONS after these words. Undefined when it does not begin with them. */
function behind(words: string, nodeOptions: string): string | undefined {
  if (nodeOptions === words) return '';
  return StringPrototypeStartsWith(nodeOptions, `${words} `)
    ? StringPrototypeSlice(nodeOptions, words.length + 1)
    : undefined;
}

const requirePreload = (): string => quoteOption(`--require=${preloadPath()}`);

/** NODE_OPTIONS without the preload and its rights. */
export function withoutPreload(nodeOptions: string): string {
  const rest = behind(requirePreload(), nodeOptions);
  if (rest === undefined) return nodeOptions;
  return behind(mayLoad(), rest) ?? behind(mayBeRead(), rest) ?? rest;
}

/**
 * NODE_OPTIONS that run the preload before everything else in them. `words` are Node's arguments,
 * without its name.
 */
export function withPreload(
  nodeOptions: string | undefined,
  closing: Closing,
  words: readonly string[],
): string {
  let rest = withoutPreload(nodeOptions ?? '');
  if (closing.eval) rest = behind(WITHOUT_EVAL, rest) ?? rest;
  if (closing.signal !== undefined) rest = behind(WITHOUT_SIGNAL, rest) ?? rest;
  let option = requirePreload();
  const needed = rights(words, rest);
  if (needed !== undefined) option += ` ${needed}`;
  if (closing.eval) option += ` ${WITHOUT_EVAL}`;
  if (closing.signal === true) option += ` ${WITHOUT_SIGNAL}`;
  return rest === '' ? option : `${option} ${rest}`;
}

/** Whether the value of --require or --import means this very file, in any usual spelling. */
export function isPreload(specifier: string): boolean {
  // Under --permission other spellings cannot be resolved.
  if (specifier === preloadPath()) return true;
  try {
    if (StringPrototypeStartsWith(specifier, 'file:'))
      return realpathSync(fileURLToPath(specifier)) === preloadPath();
    const resolved = createRequire(`${process.cwd()}/`).resolve(specifier);
    return realpathSync(resolved) === preloadPath();
  } catch {
    return false;
  }
}
