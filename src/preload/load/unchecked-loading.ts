import { anythingIsEnforced, filesAreRestricted } from '../../policy.js';
import { givenOptions } from '../inherit/given-options.js';
import { internals } from '../lib/internals.js';
import { loaderPrototype } from '../lib/esm-loader.js';
import { isMainThread } from '../../main-thread.js';
import { ReflectApply } from '../lib/primordials.js';
import { methodOf, replace } from '../lib/replace.js';
import { decideUnchecked, refuseUnchecked } from '../refused.js';
import { moduleExports } from './node-module.js';

type Registers = (this: unknown, ...args: unknown[]) => unknown;

/** The argument that makes the loader take hooks of Node's own: those of node:test on Node 22. */
const IS_INTERNAL = 4;

/** The result that Node documents for a cache that stays off. */
function cacheIsOff(): object {
  return {
    status: moduleExports.constants?.compileCacheStatus?.DISABLED,
    message:
      'mayexec: files are restricted, and the content of a compile cache is unchecked. mayexec run --bytecode has one that is checked',
  };
}

let hooksElsewhere = false;

/** module.register calls the method of the loader. */
let registering = false;

function namesLoader(): boolean {
  for (let i = 0; i < givenOptions.length; i++) {
    const name = givenOptions[i]?.name;
    if (name === '--experimental-loader' || name === '--loader') return true;
  }
  return false;
}

/**
 * Whether hooks on a thread of their own may take part in each import. A Worker shares those
 * of the thread that started it, and cannot know of them.
 */
export const mayHaveHooksElsewhere = (): boolean => hooksElsewhere || !isMainThread;

/**
 * Whether a look at Node's loader would start the thread of `--experimental-loader` before the rest
 * of Node's options acts. A restriction refuses that option, and an audit records it.
 */
export const wouldStartHooks = (): boolean => namesLoader() && !anythingIsEnforced();

const { getCompileCacheDir } = moduleExports;

/** Throws ExecDeniedError where a cache was turned on before files were restricted: it stays on. */
export function refuseCompileCache(): void {
  const cache = getCompileCacheDir?.();
  if (cache === undefined) return;
  refuseUnchecked(
    'load',
    'hook',
    `the compile cache in '${cache}' holds unchecked bytecode, and files are restricted. Leave out module.enableCompileCache() and NODE_COMPILE_CACHE. mayexec run --bytecode has a cache that is checked`,
  );
}

function refuseHooksElsewhere(what: string): void {
  decideUnchecked(
    'load',
    'hook',
    anythingIsEnforced(),
    `${what} runs hooks on a thread without checks. Use module.registerHooks`,
  );
}

/**
 * Turns off, or notes, the two ways in which Node loads code unseen by the hooks of this thread:
 * bytecode from a compile cache, and hooks on a thread of their own.
 */
export function installUncheckedLoading(): void {
  hooksElsewhere = namesLoader();
  replace<Registers>(moduleExports, 'enableCompileCache', (enableCompileCache) => (...args) => {
    if (filesAreRestricted()) return cacheIsOff();
    return ReflectApply(enableCompileCache, moduleExports, args);
  });
  replace<Registers>(moduleExports, 'register', (register) => (...args) => {
    refuseHooksElsewhere('module.register');
    hooksElsewhere = true;
    registering = true;
    try {
      return ReflectApply(register, moduleExports, args);
    } finally {
      registering = false;
    }
  });
}

/**
 * Guards the method that module.register calls. Promises of Node's loader lead a program to the
 * loader.
 */
export function guardRegister(): void {
  const inside = internals();
  if (inside === undefined || wouldStartHooks()) return;
  replace<Registers>(loaderPrototype(inside), 'register', (register) =>
    methodOf<Registers>({
      method(...args) {
        const isOwn = registering || args[IS_INTERNAL] === true;
        if (!isOwn) refuseHooksElsewhere("register of Node's loader");
        return ReflectApply(register, this, args);
      },
    }),
  );
}
