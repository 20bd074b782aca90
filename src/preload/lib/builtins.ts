import { createRequire } from 'node:module';

import { anythingIsEnforced } from '../../policy.js';
import { decideUnchecked } from '../refused.js';
import { append } from './append.js';
import {
  ObjectHasOwn,
  ReflectApply,
  StringPrototypeSlice,
  StringPrototypeStartsWith,
} from './primordials.js';
import { replace } from './replace.js';

/*
 * Node's own modules. Loading an unneeded one costs start-up time, so each is loaded and
 * patched when the program first asks for it.
 */

interface Owner {
  /** Since Node 20.16 and 22.3. */
  getBuiltinModule?: (name: unknown) => unknown;
}
const owner = process as unknown as Owner;
const { getBuiltinModule = createRequire(process.execPath) as (name: unknown) => unknown } = owner;

/** The exports of a builtin module, loaded now if necessary. No hook is called. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- a cast, said once
export function builtin<T>(url: `node:${string}`): T {
  return ReflectApply(getBuiltinModule, process, [url]) as T;
}

interface Exports {
  readonly syncBuiltinESMExports: () => void;
}
const { syncBuiltinESMExports } = builtin<Exports>('node:module');

/** Whether an ES module may have imported a builtin. */
let mayBeImported = true;

/** Call this where no ES module has been loaded yet, and each one will be noted. */
export function expectNoImport(): void {
  mayBeImported = false;
}

/** Call this before an ES module is loaded. */
export function noteImport(): void {
  mayBeImported = true;
}

/**
 * Gives the ES modules that have imported builtins the functions that were replaced. Node walks
 * through all its modules for that.
 */
export function syncExports(): void {
  if (mayBeImported) syncBuiltinESMExports();
}

/** The callbacks to run before the program gets a builtin, by its URL. */
const waiting = Object.create(null) as Record<string, ((byProgram: boolean) => void)[]>;
const asked = Object.create(null) as Record<string, true>;

/**
 * The program asks for a builtin whose guard is not complete: from a function of its own that the
 * guard has called, or after node:vm ended the guard with a timeout.
 */
function refuseUnguarded(url: string): void {
  decideUnchecked(
    'load',
    'require',
    anythingIsEnforced(),
    `'${url}' is asked for while mayexec guards it, or mayexec was interrupted in that. Load it before, and without a timeout`,
  );
}

/**
 * Calls back once, when the program asks for the first of these builtins. At once if it has
 * already.
 */
export function whenAsked(urls: readonly `node:${string}`[], patch: () => void): void {
  let done = false;
  let isPatching = false;
  const once = (byProgram: boolean): void => {
    if (done) return;
    if (isPatching) {
      // The modules that `patch` loads may ask for it, too.
      if (byProgram) refuseUnguarded(urls[0] as string);
      return;
    }
    isPatching = true;
    try {
      patch();
      done = true;
    } finally {
      // The program can make Node's own functions throw. Then it does not get the module. A timeout
      // of node:vm skips this line.
      isPatching = false;
    }
    syncExports();
  };
  for (let i = 0; i < urls.length; i++) {
    if (ObjectHasOwn(asked, urls[i] as string)) {
      once(false);
      return;
    }
  }
  for (let i = 0; i < urls.length; i++) append((waiting[urls[i] as string] ??= []), once);
}

/** The builtins that have been guarded, by URL. */
const guarded = Object.create(null) as Record<string, true>;
let guard: ((url: string) => void) | undefined;

function letUse(url: string): void {
  if (guard === undefined || ObjectHasOwn(guarded, url)) return;
  guard(url);
  guarded[url] = true;
  syncExports();
}

/** Calls back once for each builtin that the program asks for, after the callbacks of whenAsked. */
export function beforeUse(callback: (url: string) => void): void {
  guard = callback;
  for (const url in asked) letUse(url);
}

/** Runs the callbacks of whenAsked. Returns whether this version of Node has the module. */
export function patchBuiltin(url: string, byProgram = false): boolean {
  if (!ObjectHasOwn(waiting, url)) return true;
  if (builtin(url as `node:${string}`) === undefined) return false;
  const patches = waiting[url] ?? [];
  for (let i = 0; i < patches.length; i++) patches[i]?.(byProgram);
  // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- once each
  delete waiting[url];
  return true;
}

/** Call this whenever a builtin module is asked for, before the program gets it. */
export function builtinAsked(url: string): void {
  asked[url] = true;
  // Node itself reports a module that it lacks.
  if (patchBuiltin(url, true)) letUse(url);
}

const { isBuiltin } = builtin<{ isBuiltin: (name: string) => boolean }>('node:module');

/**
 * Call this with the URL of a module. A resolve hook may name a builtin without `node:`, and Node
 * gives it that builtin.
 */
export function builtinAskedByUrl(url: string): void {
  if (StringPrototypeStartsWith(url, 'node:')) builtinAsked(url);
  else if (isBuiltin(url)) builtinAsked(`node:${url}`);
}

/** For a program that already runs: it may already have any builtin that Node has loaded. */
export function loadedBuiltinsAsked(): void {
  const { moduleLoadList } = process as unknown as { moduleLoadList?: readonly string[] };
  const start = 'NativeModule ';
  for (let i = 0; i < (moduleLoadList?.length ?? 0); i++) {
    const entry = moduleLoadList?.[i] as string;
    if (StringPrototypeStartsWith(entry, start)) {
      builtinAsked(`node:${StringPrototypeSlice(entry, start.length)}`);
    }
  }
}

/** process.getBuiltinModule bypasses the load hooks. */
export function installBuiltins(): void {
  replace<(name: unknown) => unknown>(owner, 'getBuiltinModule', () => (name) => {
    if (typeof name === 'string')
      builtinAsked(StringPrototypeStartsWith(name, 'node:') ? name : `node:${name}`);
    return ReflectApply(getBuiltinModule, process, [name]);
  });
}
