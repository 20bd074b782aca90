import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';

import { cachedDataOf } from '../image/bytecode.js';
import { readRegularFile } from '../image/regular-file.js';
import { internals } from '../preload/lib/internals.js';

interface Binding {
  readonly ModuleWrap: new (
    url: string,
    context: undefined,
    source: string,
    line: number,
    column: number,
  ) => { createCachedData(): Buffer };
}

/**
 * V8's bytecode of an ES module. Undefined for a text that is none, and where this Node does not
 * give its class of modules.
 */
export function moduleBytecodeOf(text: string, filename: string): Buffer | undefined {
  const found = internals()?.binding<Binding>('module_wrap');
  if (found === undefined) return undefined;
  const { ModuleWrap } = found;
  const url = pathToFileURL(filename).href;
  return cachedDataOf(text, () => new ModuleWrap(url, undefined, text, 0, 0));
}

const types = new Map<string, string | undefined>();

/** What the nearest package.json says of the files in a directory. */
function typeIn(directory: string): string | undefined {
  if (types.has(directory)) return types.get(directory);
  const parent = dirname(directory);
  let type: string | undefined;
  try {
    const { type: given } = JSON.parse(readRegularFile(`${directory}/package.json`).toString()) as {
      type?: unknown;
    };
    type = typeof given === 'string' ? given : undefined;
  } catch {
    const ends = parent === directory || directory.endsWith('/node_modules');
    type = ends ? undefined : typeIn(parent);
  }
  types.set(directory, type);
  return type;
}

/** Whether Node loads a file of this name as an ES module. Undefined where its text decides. */
export function isNamedModule(filename: string): boolean | undefined {
  if (filename.endsWith('.mjs')) return true;
  if (filename.endsWith('.cjs')) return false;
  const type = typeIn(dirname(filename));
  return type === undefined ? undefined : type === 'module';
}
