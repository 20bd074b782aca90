import { createRequire } from 'node:module';
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { parseNodeOptions, parseWords } from '../../tables/words.js';
import {
  StringPrototypeCharAt,
  StringPrototypeIncludes,
  StringPrototypeSlice,
  StringPrototypeStartsWith,
} from '../lib/primordials.js';

const node = process as unknown as { readonly _preload_modules?: readonly string[] };
/** A Worker that runs a string loads --require, and no --import. */
const wasRequired = (node._preload_modules ?? []).length > 0;

let path = import.meta.filename.endsWith('/register.cjs') ? import.meta.filename : undefined;

let inWorkers = true;

/** Call this where the program began without a preload. This file is its Workers' then. */
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
  path ??= createRequire(import.meta.filename).resolve('mayexec/register');
  return path;
}

/**
 * Quotes for NODE_OPTIONS: Node splits at spaces outside double quotes, and a backslash
 * escapes within them.
 */
export function quoteOption(argument: string): string {
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

export const ALLOW_ADDONS = '--allow-addons';

/**
 * What the preload needs under --permission: to be read, and to load its addon. Right behind
 * the preload, the right to load addons is the preload's alone, so Node's warning of it is
 * not for the program. Since Node 24 the warning has a code.
 */
const rights = (): string =>
  `${ALLOW_ADDONS} --disable-warning=PERM0001 ${quoteOption(`--allow-fs-read=${preloadPath()}`)}`;

/** NODE_OPTIONS for a program under --permission. */
export function preloadOptions(): string {
  return withPreload(undefined, false, ['--permission']);
}

/**
 * Whether what is started with these words is under Node's permission model, and is not
 * given the right to load addons.
 */
function lacksAddons(words: readonly string[], nodeOptions: string): boolean {
  let isUnderPermission = false;
  for (const options of [parseNodeOptions(nodeOptions), parseWords(words).options]) {
    for (let i = 0; i < options.length; i++) {
      const name = options[i]?.name;
      if (name === '--permission') isUnderPermission = true;
      // With --permission-audit nothing is refused.
      if (name === ALLOW_ADDONS || name === '--permission-audit') return false;
    }
  }
  return isUnderPermission;
}

/** What is behind these words. Undefined when they are not what it begins with. */
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
  return rest === undefined ? nodeOptions : (behind(rights(), rest) ?? rest);
}

/**
 * NODE_OPTIONS that run the preload before everything else in them. `words` are what else
 * Node will read: its command line, without its name.
 */
export function withPreload(
  nodeOptions: string | undefined,
  withoutEval: boolean,
  words: readonly string[],
): string {
  let rest = withoutPreload(nodeOptions ?? '');
  if (withoutEval) rest = behind(WITHOUT_EVAL, rest) ?? rest;
  let option = requirePreload();
  if (lacksAddons(words, rest)) option += ` ${rights()}`;
  if (withoutEval) option += ` ${WITHOUT_EVAL}`;
  return rest === '' ? option : `${option} ${rest}`;
}

/** Whether the value of --require or --import means this very file, in any usual spelling. */
export function isPreload(specifier: string): boolean {
  // Under --permission nobody may look at anything else.
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
