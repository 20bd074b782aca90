import { builtinAsked } from '../lib/builtins.js';
import { installCommonJsLoader } from './commonjs-loader.js';
import { installEsmLoader } from './esm-loader.js';
import { findInternals, type InternalRequire } from './internals.js';
import { ReflectApply } from '../lib/primordials.js';

/*
 * Node 20 has no module.registerHooks. From 20.19.5 to its end its two loaders
 * are known, and are given the files that were checked: see commonjs-loader.ts
 * and esm-loader.ts. No other Node is taken for one of these.
 */

interface Builtin {
  readonly id: string;
}
interface Realm {
  readonly BuiltinModule: { prototype: { compileForPublicLoader: (this: Builtin) => unknown } };
}

/** Whoever asks for a builtin, by whatever way, goes through this. */
function noticeBuiltins(require: InternalRequire): void {
  const { prototype } = (require('internal/bootstrap/realm') as Realm).BuiltinModule;
  const { compileForPublicLoader } = prototype;
  let noticing = false;
  prototype.compileForPublicLoader = function (): unknown {
    if (!noticing) {
      noticing = true;
      try {
        builtinAsked(`node:${this.id}`);
      } finally {
        noticing = false;
      }
    }
    return ReflectApply(compileForPublicLoader, this, []);
  };
}

/**
 * Puts the checks into the loaders. Returns whether that could be done: otherwise
 * nothing that Node loads is checked. Before the program runs, and once.
 */
export function installOldLoaders(): boolean {
  if (!process.version.startsWith('v20.')) return false;
  const require = findInternals();
  if (require === undefined || !installCommonJsLoader(require)) return false;
  noticeBuiltins(require);
  return installEsmLoader(require);
}
