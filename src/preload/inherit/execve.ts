import { channel } from 'node:diagnostics_channel';

import { copyOfWords, arraysAreIntact } from '../lib/arrays.js';
import { ArrayIsArray, ObjectDefineProperty, ReflectApply } from '../lib/primordials.js';
import { replace } from '../lib/replace.js';
import { undisturbed } from '../lib/undisturbed.js';
import { isEnforcedOrAudited, isInherited } from '../enforcement.js';
import { anythingIsEnforced } from '../../policy.js';
import { decideUnchecked } from '../refused.js';
import { ownEnvironment, preloadedEnvironment } from './child-environment.js';
import { tellOfChild } from './child-record.js';
import { checkStartOf } from './child-words.js';
import { checkAgain, isObject, readerOf, withoutName } from './children.js';

type Execve = (file: string, args?: readonly string[], env?: object) => never;

const execveChannel = channel('process.execve');

/** Node hands a subscriber of this channel the words themselves, after they were checked. */
function silenceExecve(): void {
  ObjectDefineProperty(execveChannel, 'hasSubscribers', {
    __proto__: null,
    value: false,
    configurable: true,
  } as PropertyDescriptor);
}

/** Puts the preload into the environment of process.execve, which replaces this process. */
export function installExecve(): void {
  replace<Execve>(process, 'execve', (execve) => (execPath, args = [], env) => {
    const isRequest =
      typeof execPath === 'string' && ArrayIsArray(args) && (env === undefined || isObject(env));
    // Node itself reports the error.
    if (!isInherited() || !isRequest) return ReflectApply(execve, process, [execPath, args, env]);
    const argv = copyOfWords(args);
    const start = { file: execPath, argv, cwd: undefined, preload: true };
    const environment = tellOfChild('execve', start, () => {
      const own = preloadedEnvironment(env ?? ownEnvironment, withoutName(argv), readerOf(start));
      checkStartOf({ ...start, environment: own });
      return own;
    });
    checkAgain({ ...start, environment });
    // Node stores the environment in an array of its own. A subscriber could change arrays, too.
    if (isEnforcedOrAudited() && !arraysAreIntact()) {
      decideUnchecked(
        'start',
        'start',
        anythingIsEnforced(),
        'the arguments of process.execve cannot be checked, because the program has changed arrays',
      );
    }
    // Node prints a warning first, and the program may have replaced the function for that.
    const execute = (): never => ReflectApply(execve, process, [execPath, argv, environment]);
    if (anythingIsEnforced()) silenceExecve();
    return isEnforcedOrAudited()
      ? undisturbed(process, 'emitWarning', () => undefined, execute)
      : execute();
  });
}
