import { loadShared } from './dlopen.js';
import { moduleExports } from './module-hooks.js';
import {
  hasOwn,
  includes,
  reflectApply,
  reflectConstruct,
  SafeProxy,
  startsWith,
  toStringOf,
} from './primordials.js';

/*
 * The builtin modules by which a program maps a shared object without
 * process.dlopen. Each is patched when the program first asks for it, since
 * loading them costs, and some print a warning.
 */

type Load = (this: object, path: unknown, ...rest: unknown[]) => unknown;

interface Sqlite {
  DatabaseSync: { prototype: { loadExtension: Load } };
}

function patchSqlite(sqlite: Sqlite): void {
  const { prototype } = sqlite.DatabaseSync;
  const { loadExtension } = prototype;
  prototype.loadExtension = function (path, ...rest) {
    return loadShared('loadExtension', toStringOf(path), (checked) =>
      reflectApply(loadExtension, this, [checked, rest[0]]),
    );
  };
}

interface Ffi {
  dlopen: Load;
  DynamicLibrary: (new (path: unknown) => object) & { prototype: object };
}

function patchFfi(ffi: Ffi): void {
  const { dlopen, DynamicLibrary } = ffi;
  // Without a path it is the program itself that is looked into.
  ffi.dlopen = function (path, ...rest) {
    if (path === undefined || path === null) return reflectApply(dlopen, this, [path, rest[0]]);
    return loadShared('dlopen', toStringOf(path), (checked) =>
      reflectApply(dlopen, this, [checked, rest[0]]),
    );
  };
  ffi.DynamicLibrary = new SafeProxy(DynamicLibrary, {
    construct(target, args: unknown[], newTarget: typeof DynamicLibrary): object {
      const path = args[0];
      if (path === undefined || path === null) return reflectConstruct(target, [path], newTarget);
      return loadShared('dlopen', toStringOf(path), (checked) =>
        reflectConstruct(target, [checked], newTarget),
      );
    },
  });
  Object.defineProperty(DynamicLibrary.prototype, 'constructor', {
    value: ffi.DynamicLibrary,
    writable: true,
    configurable: true,
  });
}

interface Crypto {
  setEngine?: Load;
}

/** An engine by name comes from OpenSSL's own folder; by path, from anywhere. */
function patchCrypto(crypto: Crypto): void {
  const { setEngine } = crypto;
  if (setEngine === undefined) return;
  crypto.setEngine = function (id, ...rest) {
    const engine = toStringOf(id);
    if (!includes(engine, '/')) return reflectApply(setEngine, this, [engine, rest[0]]);
    return loadShared('setEngine', engine, (checked) =>
      // Node tells an absent argument from undefined.
      reflectApply(setEngine, this, rest.length === 0 ? [checked] : [checked, rest[0]]),
    );
  };
}

type Patch = (exports: never) => void;
const patches: Record<string, Patch> = {
  'node:sqlite': patchSqlite,
  'node:ffi': patchFfi,
  'node:crypto': patchCrypto,
};

let getBuiltinModule: (name: unknown) => object | undefined;

/** To be called whenever a builtin module is asked for, before the program has it. */
export function builtinAsked(url: string): void {
  if (!hasOwn(patches, url)) return;
  const patch = patches[url];
  const exports = reflectApply(getBuiltinModule, process, [url]) as never;
  if (patch === undefined || (exports as unknown) === undefined) return;
  // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- once each
  delete patches[url];
  patch(exports);
  moduleExports.syncBuiltinESMExports();
}

/** process.getBuiltinModule passes by the load hooks. Since Node 22.3 and 20.16. */
export function installSharedObjects(): void {
  const owner = process as unknown as { getBuiltinModule: typeof getBuiltinModule };
  getBuiltinModule = owner.getBuiltinModule;
  owner.getBuiltinModule = function (name) {
    if (typeof name === 'string') builtinAsked(startsWith(name, 'node:') ? name : `node:${name}`);
    return reflectApply(getBuiltinModule, process, [name]);
  };
}
