import { loadShared } from './dlopen.js';
import { builtin, whenAsked } from './builtins.js';
import { includes, reflectApply, reflectConstruct, SafeProxy, toStringOf } from './primordials.js';

/*
 * The builtin modules by which a program maps a shared object without
 * process.dlopen. Some print a warning when they are loaded.
 */

type Load = (this: object, path: unknown, ...rest: unknown[]) => unknown;

interface Sqlite {
  DatabaseSync: { prototype: { loadExtension: Load } };
}

function patchSqlite(): void {
  const { prototype } = builtin<Sqlite>('node:sqlite').DatabaseSync;
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

function patchFfi(): void {
  const ffi = builtin<Ffi>('node:ffi');
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
function patchCrypto(): void {
  const crypto = builtin<Crypto>('node:crypto');
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

export function installSharedObjects(): void {
  whenAsked(['node:sqlite'], patchSqlite);
  whenAsked(['node:ffi'], patchFfi);
  whenAsked(['node:crypto'], patchCrypto);
}
