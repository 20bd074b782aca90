import { checkWithoutFile } from '../../interactive.js';
import { isMainThread } from '../../main-thread.js';
import { interactiveIsDenied } from '../../policy.js';
import { callerOf } from '../lib/caller.js';
import { inPlaceOf } from '../lib/in-place-of.js';
import { internals } from '../lib/internals.js';
import { loaderPrototype } from '../lib/esm-loader.js';
import { ReflectApply, ReflectConstruct } from '../lib/primordials.js';
import { methodOf, replace, replaceValue } from '../lib/replace.js';
import { isWatched } from '../enforcement.js';
import { approvedText } from '../load/approved-text.js';
import { isAudited } from '../settings.js';
import { startsText } from '../start.js';
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

/** `eval` of Node's loader calls createModuleWrap. */
let evaluating = false;

/** Whether this thread may have been started to run a text. Otherwise Node makes no module of one. */
let runsText = true;

/**
 * Checks the text of `-e`, of standard input or of a Worker. The thread that makes a Worker checks
 * its text. But a program can change the message by which Node then tells the Worker what to run, or
 * send another.
 */
function checkText(name: string, guarded: Method, text: unknown): void {
  if (evaluating) return;
  // Node's script also calls functions that the program has set, so its name alone proves nothing.
  if (!runsText || callerOf(guarded) !== EVALUATION) enter('vm', `${name} of Node's loader`);
  else if (!isMainThread && (interactiveIsDenied() || isAudited)) {
    checkWithoutFile('worker-eval', typeof text === 'string' ? text : undefined);
  }
}

/** With the gate `compile` open, Module#_compile takes any text. */
function checkRequired(filename: unknown, source: unknown): void {
  if (!isWatched('compile')) return;
  if (typeof filename === 'string' && approvedText(filename, source) !== undefined) return;
  const text = typeof source === 'string' ? source : undefined;
  enter('vm', "importSyncForRequire of Node's loader", text);
}

function guardTexts(loader: object, name: 'eval' | 'createModuleWrap'): void {
  replace<Method>(loader, name, (original) => {
    const guarded = methodOf<Method>({
      method(...args) {
        checkText(name, guarded, args[0]);
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
  const guarded = inPlaceOf(ModuleWrap, {
    construct(_, args, newTarget) {
      enter('vm', "the class of Node's modules");
      return ReflectConstruct(ModuleWrap, args, newTarget);
    },
  });
  replaceValue(ModuleWrap.prototype, 'constructor', guarded);
  if (wouldStartHooks()) return;
  runsText = !isMainThread || startsText();
  const loader = loaderPrototype(inside);
  guardTexts(loader, 'eval');
  guardTexts(loader, 'createModuleWrap');
  replace<Method>(loader, 'importSyncForRequire', (original) =>
    methodOf<Method>({
      method(...args) {
        checkRequired(args[1], args[2]);
        return ReflectApply(original, this, args);
      },
    }),
  );
}
