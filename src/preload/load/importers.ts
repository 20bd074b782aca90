import { fileURLToPath as toPath, pathToFileURL as toUrl } from 'node:url';

import { moduleExports, type ResolveHook } from './node-module.js';
import {
  ErrorCaptureStackTrace,
  ObjectDefineProperty,
  ObjectGetOwnPropertyDescriptor,
  StringPrototypeStartsWith,
} from '../lib/primordials.js';

const fileURLToPath = toPath;
const pathToFileURL = toUrl;
const LONGEST = 16;
const DEEPEST = 64;

/*
 * Who asked for a module: for messages and the audit channel only, so it may come
 * from what a program can change. What is required is found in Node's own record,
 * for a resolve hook costs at every call of require. The ESM loader keeps none.
 */

/** By the URL of a module, the URL of the one that imported it first. */
const firstImporter: Record<string, string> = Object.create(null) as Record<string, string>;

/** The module that the program starts with, which nobody asked for. */
let entry: string | undefined;

/** To be registered once the ESM loader has something to load. */
export const noteImporter: ResolveHook = (specifier, context, nextResolve) => {
  const resolved = nextResolve(specifier, context);
  note(resolved.url, context.parentURL);
  return resolved;
};

export function note(url: string, parentURL: string | undefined): void {
  if (parentURL === undefined) entry ??= url;
  else firstImporter[url] ??= parentURL;
}

const isFile = (url: string): boolean => StringPrototypeStartsWith(url, 'file://');

/** Whether the program starts with this module. To be asked before it has started. */
export function isEntry(url: string): boolean {
  if (url === entry) return true;
  const script = process.argv[1];
  return (
    script !== undefined &&
    isFile(url) &&
    moduleExports._findPath(script, null, true) === fileURLToPath(url)
  );
}

function importerOf(url: string): string | undefined {
  if (isFile(url)) {
    const parent = moduleExports._cache[fileURLToPath(url)]?.parent?.filename;
    if (typeof parent === 'string') return pathToFileURL(parent).href;
  }
  return firstImporter[url];
}

interface CallSite {
  readonly getFileName: () => unknown;
}

/** What is on the stack, as V8 tells it. Throws where a program has closed Error to changes. */
function callSites(): readonly CallSite[] | undefined {
  const { stackTraceLimit } = Error;
  const prepare = ObjectGetOwnPropertyDescriptor(Error, 'prepareStackTrace');
  const holder: { stack?: readonly CallSite[] } = {};
  Error.prepareStackTrace = (_, called) => called;
  try {
    Error.stackTraceLimit = DEEPEST;
    ErrorCaptureStackTrace(holder);
    return holder.stack;
  } finally {
    if (prepare === undefined) Reflect.deleteProperty(Error, 'prepareStackTrace');
    else ObjectDefineProperty(Error, 'prepareStackTrace', prepare);
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/**
 * The file that called import(), where that was the first thing to be imported and
 * so could not be noted: the first on the stack that is neither Node's own nor
 * this one. Node 22 has it there no more.
 */
export function callerOnStack(): string | undefined {
  let sites: readonly CallSite[] | undefined;
  try {
    sites = callSites();
  } catch {
    // A message does without; a verdict must not fail for it.
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
 * Who asked for a module, and who for that one, up to the entry point. `caller`
 * knows of the first when nothing else does.
 */
export function importersOf(url: string, caller?: () => string | undefined): readonly string[] {
  const importers: string[] = [];
  let importer = importerOf(url) ?? caller?.();
  while (importer !== undefined && importers.length < LONGEST) {
    importers[importers.length] = isFile(importer) ? fileURLToPath(importer) : importer;
    importer = importerOf(importer);
  }
  return importers;
}
