import { createRequire } from 'node:module';
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import {
  StringPrototypeCharAt,
  StringPrototypeIncludes,
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
