import { checkWithoutFile } from '../../interactive.js';
import { isMainThread } from '../../main-thread.js';
import { interactiveIsDenied } from '../../policy.js';
import { callerOf } from '../lib/caller.js';
import { internals } from '../lib/internals.js';
import { loaderPrototype } from '../lib/esm-loader.js';
import { ReflectApply, ReflectConstruct, SafeProxy } from '../lib/primordials.js';
import { methodOf, replace, replaceValue } from '../lib/replace.js';
import { isAudited } from '../settings.js';
import { wouldStartHooks } from '../load/unchecked-loading.js';
import { enter } from './enter.js';

/*
 * The class of Node's modules, and its loader of ES modules. By async_hooks, or accessors on
 * Promise.prototype, a program gets promises of theirs, and through these an object of each. With
 * such an object it can make a module of any text.
 */

type Class = (new (...args: unknown[]) => object) & { readonly prototype: object };
type Method = (this: unknown, ...args: unknown[]) => unknown;

/** The script of Node that runs the text of `-e` and of a Worker. */
const EVALUATION = 'node:internal/process/execution';

/** The scripts of Node that call these methods for code that is checked elsewhere. */
const CALLERS: Readonly<Record<string, string>> = {
  eval: EVALUATION,
  createModuleWrap: EVALUATION,
  importSyncForRequire: 'node:internal/modules/cjs/loader',
};

/** `eval` of Node's loader calls another of these methods. */
let evaluating = false;

/**
 * The thread that makes a Worker checks its text. But a program can change the message by which
 * Node then tells the Worker what to run, or send another.
 */
function checkTextOfWorker(text: unknown): void {
  if (isMainThread || !(interactiveIsDenied() || isAudited)) return;
  checkWithoutFile('worker-eval', typeof text === 'string' ? text : undefined);
}

function guardMethod(loader: object, name: string, caller: string): void {
  replace<Method>(loader, name, (original) => {
    const guarded = methodOf<Method>({
      method(...args) {
        if (!evaluating) {
          if (callerOf(guarded) !== caller) enter('vm', `${name} of Node's loader`);
          else if (caller === EVALUATION) checkTextOfWorker(args[0]);
        }
        const before = evaluating;
        evaluating = name === 'eval';
        try {
          return ReflectApply(original, this, args);
        } finally {
          evaluating = before;
        }
      },
    });
    return guarded;
  });
}

/** Guards, with the gate `vm`, the functions that make a module of a text. */
export function guardModuleWraps(): void {
  const inside = internals();
  if (inside === undefined) return;
  const { ModuleWrap } = inside.binding<{ ModuleWrap: Class }>('module_wrap');
  const guarded = new SafeProxy(ModuleWrap, {
    __proto__: null,
    construct(target: Class, args: unknown[], newTarget: Class): object {
      enter('vm', "the class of Node's modules");
      return ReflectConstruct(target, args, newTarget);
    },
  } as ProxyHandler<Class>);
  replaceValue(ModuleWrap.prototype, 'constructor', guarded);
  if (wouldStartHooks()) return;
  const loader = loaderPrototype(inside);
  for (const name in CALLERS) guardMethod(loader, name, CALLERS[name] as string);
}
