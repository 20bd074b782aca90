import { createRequire } from 'node:module';
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import {
  StringPrototypeCharAt,
  StringPrototypeIncludes,
  StringPrototypeStartsWith,
} from '../lib/primordials.js';

let path = import.meta.filename.endsWith('/register.cjs') ? import.meta.filename : undefined;

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

/** NODE_OPTIONS that run the preload before everything else in them. */
export function withPreload(nodeOptions: string | undefined, withoutEval: boolean): string {
  const preloadOption = quoteOption(`--require=${preloadPath()}`);
  const option = withoutEval ? `${preloadOption} ${WITHOUT_EVAL}` : preloadOption;
  if (nodeOptions === undefined || nodeOptions === '') return option;
  if (nodeOptions === option || StringPrototypeStartsWith(nodeOptions, `${option} `))
    return nodeOptions;
  return `${option} ${nodeOptions}`;
}

/** Whether the value of --require or --import means this very file, in any usual spelling. */
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
