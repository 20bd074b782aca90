import { loadShared } from './dlopen.js';
import { isEnforcedOrAudited } from '../enforcement.js';
import { internals } from '../lib/internals.js';
import { builtin, whenAsked } from '../lib/builtins.js';
import { filesAreRestricted } from '../../policy.js';
import {
  ObjectGetPrototypeOf,
  ObjectSetPrototypeOf,
  StringPrototypeIncludes,
  ReflectApply,
  ReflectConstruct,
  StringOf,
} from '../lib/primordials.js';
import { inPlaceOf } from '../lib/in-place-of.js';
import { methodOf, replace, replaceValue } from '../lib/replace.js';
import { decideUnchecked } from '../refused.js';
import { guardTokenizers, type Sqlite } from './tokenizers.js';

/*
 * The builtin modules that map a shared object without process.dlopen. Some print a warning
 * when they are loaded.
 */

type Load = (this: object, path: unknown, ...rest: unknown[]) => unknown;

function patchSqlite(): void {
  const sqlite = builtin<Sqlite>('node:sqlite');
  guardTokenizers(sqlite);
  replace<Load>(sqlite.DatabaseSync.prototype, 'loadExtension', (loadExtension) =>
    methodOf({
      method(path, ...rest) {
        return loadShared('loadExtension', StringOf(path), (checked) =>
          ReflectApply(loadExtension, this, [checked, rest[0]]),
        );
      },
    }),
  );
}

interface Ffi {
  DynamicLibrary: (new (path: unknown) => object) & { prototype: object };
}

function patchFfi(): void {
  const ffi = builtin<Ffi>('node:ffi');
  const { DynamicLibrary } = ffi;
  // Without a path it opens the program itself.
  replace<Load>(ffi, 'dlopen', (dlopen) =>
    methodOf({
      method(path, ...rest) {
        if (path === undefined || path === null) return ReflectApply(dlopen, this, [path, rest[0]]);
        return loadShared('dlopen', StringOf(path), (checked) =>
          ReflectApply(dlopen, this, [checked, rest[0]]),
        );
      },
    }),
  );
  const guarded = inPlaceOf(DynamicLibrary, {
    construct(_, args, newTarget) {
      const path = args[0];
      if (path === undefined || path === null)
        return ReflectConstruct(DynamicLibrary, [path], newTarget);
      // Reading it may run code of the program, so this is done before the check.
      const { prototype } = newTarget;
      const library = loadShared('dlopen', StringOf(path), (checked) =>
        ReflectConstruct(DynamicLibrary, [checked]),
      );
      return ObjectSetPrototypeOf(library, prototype) as object;
    },
  });
  replaceValue(ffi, 'DynamicLibrary', guarded);
  replaceValue(DynamicLibrary.prototype, 'constructor', guarded);
}

/**
 * The engine that is built into every OpenSSL, and loads nothing by itself. Whether there are others
 * depends on the build and on the processor.
 */
const OWN_ENGINE = 'dynamic';

/**
 * A path can name an engine anywhere. A bare name is looked up in a folder that the
 * environment names, if OpenSSL has no engine of that name.
 */
export function guardEngine(owner: object, name: string, at: number): void {
  const guarded = (load: Load): Load =>
    methodOf({
      method(...args) {
        const engine = args[at];
        if (typeof engine !== 'string' || engine === OWN_ENGINE) {
          return ReflectApply(load, this, args);
        }
        if (!StringPrototypeIncludes(engine, '/')) {
          const why = `the engine '${engine}' comes from a folder that the environment names. Give its path`;
          decideUnchecked('load', 'dlopen', filesAreRestricted(), why);
          return ReflectApply(load, this, args);
        }
        return loadShared(name, engine, (checked) => {
          args[at] = checked;
          return ReflectApply(load, this, args);
        });
      },
    });
  replace<Load>(owner, name, guarded);
}

function patchCrypto(): void {
  guardEngine(builtin<object>('node:crypto'), 'setEngine', 0);
}

interface Tls {
  SecureContext?: new () => { readonly context: object };
}

/**
 * The methods of a secure context's C++ side. A context could not be made here unseen where
 * something is enforced: a setter on Object.prototype gets its C++ side.
 */
function contextMethods(): object | undefined {
  const inside = isEnforcedOrAudited() ? internals() : undefined;
  if (inside !== undefined) {
    return inside.binding<{ readonly SecureContext: { readonly prototype: object } }>('crypto')
      .SecureContext.prototype;
  }
  // node:tls lacks the class when node:_tls_common was loaded first. Loading that one here would
  // print a warning on Node 26.
  const SecureContext =
    builtin<Tls>('node:tls').SecureContext ?? builtin<Tls>('node:_tls_common').SecureContext;
  if (SecureContext === undefined) return undefined;
  const { context } = new SecureContext();
  return ObjectGetPrototypeOf(context) as object;
}

/** The engines that hold the keys of a TLS connection. */
function patchTls(): void {
  const methods = contextMethods();
  if (methods === undefined) return;
  guardEngine(methods, 'setEngineKey', 1);
  guardEngine(methods, 'setClientCertEngine', 0);
}

export function installSharedObjects(): void {
  whenAsked(['node:sqlite'], patchSqlite);
  whenAsked(['node:ffi'], patchFfi);
  whenAsked(['node:crypto'], patchCrypto);
  whenAsked(
    ['node:tls', 'node:https', 'node:http2', 'node:_tls_common', 'node:_tls_wrap'],
    patchTls,
  );
}
