import { createRequire } from 'node:module';
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import {
  StringPrototypeCharAt,
  ObjectHasOwn,
  StringPrototypeIncludes,
  StringPrototypeIndexOf,
  StringPrototypeSlice,
  StringPrototypeStartsWith,
} from '../lib/primordials.js';

let path = import.meta.filename.endsWith('/register.cjs') ? import.meta.filename : undefined;

/** The preload's own file. Absolute: a name would be looked up from the current directory. */
export function preloadPath(): string {
  path ??= createRequire(import.meta.filename).resolve('mayexec/register');
  return path;
}

/** NODE_OPTIONS splits at spaces, outside of double quotes; a backslash escapes within them. */
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

/** V8 refuses eval and new Function. In a Worker too, but not in the contexts that node:vm makes. */
export const WITHOUT_EVAL = '--disallow-code-generation-from-strings';

/** NODE_OPTIONS by which the preload runs before everything else that they name. */
export function withPreload(nodeOptions: string | undefined, withoutEval: boolean): string {
  const preloadOption = quoteOption(`--require=${preloadPath()}`);
  const option = withoutEval ? `${preloadOption} ${WITHOUT_EVAL}` : preloadOption;
  if (nodeOptions === undefined || nodeOptions === '') return option;
  if (nodeOptions === option || StringPrototypeStartsWith(nodeOptions, `${option} `))
    return nodeOptions;
  return `${option} ${nodeOptions}`;
}

/** The arguments in NODE_OPTIONS, as Node splits them. */
export function splitNodeOptions(nodeOptions: string): string[] {
  const words: string[] = [];
  let word = '';
  let inWord = false;
  let inQuotes = false;
  for (let i = 0; i < nodeOptions.length; i++) {
    let character = StringPrototypeCharAt(nodeOptions, i);
    if (character === '\\' && inQuotes) {
      i += 1;
      character = StringPrototypeCharAt(nodeOptions, i);
    } else if (character === ' ' && !inQuotes) {
      if (inWord) words[words.length] = word;
      word = '';
      inWord = false;
      continue;
    } else if (character === '"') {
      inQuotes = !inQuotes;
      inWord = true;
      continue;
    }
    word += character;
    inWord = true;
  }
  if (inWord) words[words.length] = word;
  return words;
}

/** One option of Node and its value, whichever way it was written. */
export interface Option {
  readonly name: string;
  readonly value: string | undefined;
}

const ALIASES: Readonly<Record<string, string>> = {
  '-r': '--require',
  '--loader': '--experimental-loader',
  '--es-module-specifier-resolution': '--experimental-specifier-resolution',
};

function withDashes(written: string): string {
  if (!StringPrototypeStartsWith(written, '--')) return written;
  let name = '';
  for (let i = 0; i < written.length; i++) {
    const character = StringPrototypeCharAt(written, i);
    name += character === '_' ? '-' : character;
  }
  return name;
}

/**
 * Node's options among arguments. Underscores count as dashes, as in Node. The
 * value may belong to the option or be its next neighbour: who asks knows which.
 */
export function parseOptions(args: readonly string[]): Option[] {
  const options: Option[] = [];
  for (let i = 0; i < args.length; i++) {
    const argument = args[i] ?? '';
    if (!StringPrototypeStartsWith(argument, '-')) continue;
    const equals = StringPrototypeIndexOf(argument, '=');
    const written = equals < 0 ? argument : StringPrototypeSlice(argument, 0, equals);
    const name = withDashes(written);
    options[options.length] = {
      name: (ObjectHasOwn(ALIASES, name) ? ALIASES[name] : undefined) ?? name,
      value: equals < 0 ? args[i + 1] : StringPrototypeSlice(argument, equals + 1),
    };
  }
  return options;
}

/** Whether a --require or --import names this very file, in one of the ways that people write. */
export function isPreload(specifier: string): boolean {
  try {
    if (StringPrototypeStartsWith(specifier, 'file:'))
      return realpathSync(fileURLToPath(specifier)) === preloadPath();
    const resolved = createRequire(`${process.cwd()}/`).resolve(specifier);
    return realpathSync(resolved) === preloadPath();
  } catch {
    return false;
  }
}
