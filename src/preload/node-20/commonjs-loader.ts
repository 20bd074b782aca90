import { pathToFileURL as toURL } from 'node:url';

import { noteApproved } from '../load/approved-text.js';
import { builtin } from '../lib/builtins.js';
import { filesAreRestricted, whenEnforced } from '../enforcement.js';
import { isCustomized } from './esm-loader.js';
import { importersOf } from '../load/importers.js';
import { moduleExports } from '../load/node-module.js';
import type { InternalRequire } from './internals.js';
import {
  ObjectDefineProperty,
  ObjectGetOwnPropertyDescriptor,
  ReflectApply,
  ReflectDefineProperty,
  WeakMapPrototypeGet,
  WeakMapPrototypeSet,
} from '../lib/primordials.js';
import { readModule } from '../load/read-module.js';
import { refused } from '../refused.js';

/*
 * The CommonJS loader of a Node without module.registerHooks. It takes the text
 * of a module by one call of fs.readFileSync, so it is lent another function for
 * that one call. The moment is known because the loader looks up the module's
 * format right before, and no other code runs in between; nothing of this is on
 * the stack when the module runs.
 */

type Handler = (this: unknown, module: object, filename: string) => unknown;
type ReadFileSync = (path: string, ...options: unknown[]) => unknown;

interface CommonJsModule {
  readonly filename?: string | null;
}
interface ModuleInternals {
  new (id: string): object;
  readonly prototype: object;
  readonly _extensions: Record<'.js' | '.json', Handler>;
}
interface Realm {
  readonly internalBinding: (name: string) => unknown;
}
interface Util {
  readonly privateSymbols: Record<
    'module_source_private_symbol' | 'module_parent_private_symbol',
    symbol
  >;
}
const internals = moduleExports as unknown as ModuleInternals;

const pathToFileURL = toURL;
const fs = builtin<{ readFileSync: ReadFileSync }>('node:fs');
const { readFileSync } = fs;

/** Private to Node: the text that the ESM loader has read already, and the module that asked first. */
let kModuleSource: symbol;
let kModuleParent: symbol;
type Internal = Record<symbol, unknown>;

/** What the loader reads next, and how fs.readFileSync is to be left behind. */
interface Loan {
  readonly module: object;
  readonly data: boolean;
  readonly before: PropertyDescriptor | undefined;
}
let loan: Loan | undefined;

const supplied = { value: supplyChecked, writable: true, enumerable: true, configurable: true };

/** Says whether it could. */
function define(descriptor: PropertyDescriptor): boolean {
  // A descriptor's fields are looked up in its prototypes too.
  return ReflectDefineProperty(fs, 'readFileSync', {
    __proto__: null,
    ...descriptor,
  } as PropertyDescriptor);
}

function lend(module: object, data: boolean): void {
  const restricted = filesAreRestricted();
  // The text that another loader made of the file, where nothing is enforced.
  if (!restricted && isCustomized() && (module as Internal)[kModuleSource] !== undefined) return;
  const before =
    loan === undefined ? ObjectGetOwnPropertyDescriptor(fs, 'readFileSync') : loan.before;
  // Noted first: if the stack ends here, what is to be left behind is still known.
  loan = { module, data, before };
  if (!define(supplied)) {
    loan = undefined;
    if (!restricted) return;
    throw refused('fs.readFileSync cannot be replaced, so what it gives cannot be checked');
  }
  if (!data) (module as Internal)[kModuleSource] = undefined;
}

function takeBack(): Loan | undefined {
  const taken = loan;
  if (taken === undefined) return undefined;
  if (taken.before === undefined) delete (fs as Partial<typeof fs>).readFileSync;
  else define(taken.before);
  loan = undefined;
  return taken;
}

/** Who asked for a module, and who for that one: CommonJS modules up to the one that was imported. */
function askersOf(module: object): readonly string[] {
  const askers: string[] = [];
  let asker = module as CommonJsModule & Internal;
  for (;;) {
    const parent = asker[kModuleParent] as (CommonJsModule & Internal) | null | undefined;
    if (parent === undefined || parent === null) break;
    asker = parent;
    // A preload is asked for by a module without a file.
    if (typeof asker.filename === 'string') askers[askers.length] = asker.filename;
  }
  if (typeof asker.filename !== 'string') return askers;
  const importers = importersOf(pathToFileURL(asker.filename).href);
  for (let i = 0; i < importers.length; i++) askers[askers.length] = importers[i] as string;
  return askers;
}

function isEntry(module: object): boolean {
  const parent = (module as Internal)[kModuleParent];
  return parent === undefined || parent === null;
}

/** Whether Node reads what it is lent: asked once, with a module that is never compiled. */
let tried: object | undefined;
const asExpected = new Error('as expected');

/** In the place of fs.readFileSync, for one call by the loader. */
function supplyChecked(this: unknown, filename: string, ...options: unknown[]): unknown {
  const taken = takeBack();
  // Somebody has kept it.
  if (taken === undefined) return ReflectApply(readFileSync, this, [filename, options[0]]);
  const { module, data, before } = taken;
  if (module === tried) throw asExpected;
  // Nothing else becomes code: Node ends when it is to compile it.
  if (typeof filename === 'string') {
    const file = {
      path: filename,
      data,
      importers: () => askersOf(module),
      isEntry: () => isEntry(module),
    };
    const read = readModule(file, true, supplyChecked);
    // What the program makes of reading a file is its own affair until something is enforced.
    if (read !== undefined && (before?.value === readFileSync || filesAreRestricted())) {
      noteApproved(filename, read.content, false);
      return read.content;
    }
  }
  return ReflectApply(fs.readFileSync, this, [filename, options[0]]);
}

function readsWhatItIsLent(): boolean {
  tried = new internals('mayexec/register');
  try {
    internals._extensions['.js'](tried, '/');
  } catch (error) {
    return error === asExpected;
  } finally {
    takeBack();
    tried = undefined;
  }
  return false;
}

/** The name under which a module keeps its format, from 20.19.5 on: seen on one that could not be loaded. */
function findFormat(): symbol | undefined {
  const unloaded = new internals('mayexec/register');
  try {
    internals._extensions['.js'](unloaded, '/proc/self/fd/.cjs');
  } catch {
    // As it must.
  }
  return Object.getOwnPropertySymbols(unloaded).find(
    ({ description }) => description === 'kFormat',
  );
}

/** Returns whether the CommonJS loader of this Node can be given the files that were checked. */
export function installCommonJsLoader(require: InternalRequire): boolean {
  const kFormat = findFormat();
  if (kFormat === undefined) return false;
  const { internalBinding } = require('internal/bootstrap/realm') as Realm;
  const { privateSymbols } = internalBinding('util') as Util;
  kModuleSource = privateSymbols.module_source_private_symbol;
  kModuleParent = privateSymbols.module_parent_private_symbol;
  const formats = new WeakMap<object, unknown>();
  ObjectDefineProperty(internals.prototype, kFormat, {
    get(this: object): unknown {
      lend(this, false);
      return WeakMapPrototypeGet(formats, this);
    },
    set(this: object, format: unknown): void {
      WeakMapPrototypeSet(formats, this, format);
    },
    enumerable: false,
    configurable: false,
  });
  // Else new modules could be made without it.
  whenEnforced(() =>
    ObjectDefineProperty(internals, 'prototype', {
      __proto__: null,
      writable: false,
    } as PropertyDescriptor),
  );
  const parse = internals._extensions['.json'];
  function supplyCheckedJson(this: unknown, module: object, filename: string): unknown {
    lend(module, true);
    return ReflectApply(parse, this, [module, filename]);
  }
  internals._extensions['.json'] = supplyCheckedJson;
  return readsWhatItIsLent();
}
