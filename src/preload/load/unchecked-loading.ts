import { filesAreRestricted } from '../../policy.js';
import { moduleExports } from './node-module.js';
import { ReflectApply } from '../lib/primordials.js';
import { refused } from '../refused.js';

/** What Node documents for a cache that stays off. */
function cacheIsOff(): object {
  return {
    status: moduleExports.constants?.compileCacheStatus?.DISABLED,
    message: 'mayexec: files are restricted, and nobody checks what is in a compile cache',
  };
}

/**
 * Turns off the two ways by which Node loads code that no hook of this thread
 * sees: bytecode from a compile cache, and hooks on a thread of their own.
 */
export function installUncheckedLoading(): void {
  const { enableCompileCache, register } = moduleExports;
  if (enableCompileCache !== undefined) {
    moduleExports.enableCompileCache = function (...args: unknown[]): unknown {
      if (filesAreRestricted()) return cacheIsOff();
      return ReflectApply(enableCompileCache, this, args);
    };
  }
  if (register !== undefined) {
    moduleExports.register = function (...args: unknown[]): unknown {
      if (filesAreRestricted()) {
        const instead = 'module.registerHooks, of Node 22.15 or newer';
        throw refused(
          `module.register loads hooks on a thread that checks nothing. Use ${instead}`,
        );
      }
      return ReflectApply(register, this, args);
    };
  }
}
