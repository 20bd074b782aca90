import { pathToFileURL as toUrl } from 'node:url';

import { moduleExports, type ResolveHook } from './node-module.js';
import { append } from '../lib/append.js';
import { callSites } from '../lib/caller.js';
import { pathOfFileUrl } from '../lib/file-url.js';
import { warnsOfPending } from '../lib/pending-deprecation.js';
import { StringPrototypeStartsWith } from '../lib/primordials.js';

const pathToFileURL = toUrl;
const LONGEST = 16;
const DEEPEST = 64;

/*
 * The importers of a module, for messages and the audit channel only. So the answer may use data
 * that a program can change. For require() it comes from Node's own record, because a resolve hook
 * would cost time at every call. The ESM loader keeps no record.
 */

/** The URL of the first importer, by the URL of the module. */
const firstImporter: Record<string, string> = Object.create(null) as Record<string, string>;

/** The entry point, which no module imported. */
let entry: string | undefined;

/** Register this once the ESM loader has something to load. */
export const noteImporter: ResolveHook = (specifier, context, nextResolve) => {
  const resolved = nextResolve(specifier, context);
  const { url } = resolved;
  const { parentURL } = context;
  if (parentURL === undefined) entry ??= url;
  else firstImporter[url] ??= parentURL;
  return resolved;
};

const isFile = (url: string): boolean => StringPrototypeStartsWith(url, 'file://');

/** Whether this module is the entry point. Call this before the program has started. */
export function isEntry(url: string): boolean {
  if (url === entry) return true;
  const script = process.argv[1];
  return (
    script !== undefined &&
    isFile(url) &&
    moduleExports._findPath(script, null, true) === pathOfFileUrl(url)
  );
}

function importerOf(url: string): string | undefined {
  if (isFile(url) && !warnsOfPending()) {
    const parent = moduleExports._cache[pathOfFileUrl(url)]?.parent?.filename;
    if (typeof parent === 'string') return pathToFileURL(parent).href;
  }
  return firstImporter[url];
}

/**
 * The file that called import(), when this was the first import and could not be noted: the
 * first call site outside Node and this file. In Node 22 the stack no longer holds it.
 */
export function callerOnStack(): string | undefined {
  let sites: ReturnType<typeof callSites>;
  try {
    sites = callSites(DEEPEST);
  } catch {
    // The caller is only for the message. A verdict must not fail without it.
    return undefined;
  }
  for (let i = 0; i < (sites?.length ?? 0); i++) {
    const file = sites?.[i]?.getFileName();
    if (typeof file !== 'string' || file === import.meta.filename) continue;
    if (isFile(file)) return file;
    if (StringPrototypeStartsWith(file, '/')) return pathToFileURL(file).href;
  }
  return undefined;
}

/**
 * The importers of a module, from the nearest up to the entry point. `caller` gives the
 * first one when nothing else does.
 */
export function importersOf(url: string, caller?: () => string | undefined): readonly string[] {
  const importers: string[] = [];
  let importer = importerOf(url) ?? caller?.();
  while (importer !== undefined && importers.length < LONGEST) {
    append(importers, isFile(importer) ? pathOfFileUrl(importer) : importer);
    importer = importerOf(importer);
  }
  return importers;
}
