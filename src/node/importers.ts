import { fileURLToPath as toPath } from 'node:url';

import { startsWith } from './primordials.js';
import type { ResolveHook } from './module-hooks.js';

const fileURLToPath = toPath;
const LONGEST = 16;

/** By the URL of a module, the URL of the one that asked for it first. For messages only. */
const firstImporter: Record<string, string> = Object.create(null) as Record<string, string>;

/** The module that the program starts with, which nobody asked for. */
let entry: string | undefined;

export const noteImporter: ResolveHook = (specifier, context, nextResolve) => {
  const resolved = nextResolve(specifier, context);
  note(resolved.url, context.parentURL);
  return resolved;
};

export function note(url: string, parentURL: string | undefined): void {
  if (parentURL === undefined) entry ??= url;
  else firstImporter[url] ??= parentURL;
}

export function isEntry(url: string): boolean {
  return url === entry;
}

/** Who asked for a module, and who for that one, up to the entry point. */
export function importersOf(url: string): readonly string[] {
  const importers: string[] = [];
  let importer = firstImporter[url];
  while (importer !== undefined && importers.length < LONGEST) {
    importers[importers.length] = startsWith(importer, 'file://')
      ? fileURLToPath(importer)
      : importer;
    importer = firstImporter[importer];
  }
  return importers;
}
