import { anythingIsEnforced, enforceOnThisThread, obeyProcess } from '../policy.js';
import { noticeEnforcement } from './enforcement.js';
import { ObjectDefineProperty, ObjectHasOwn } from './lib/primordials.js';
import { handOnEnforcement } from './settings.js';

/** Set on `process` by the first copy of this package, which then checks what this thread loads. */
const installed = Symbol.for('mayexec.register');

type Strengthen = (enforce: boolean) => void;

/**
 * From here on the modules of this thread obey enforcePolicy(). With `enforce` they are refused as
 * under both securebits. A hostile program may call this too, because it can only strengthen the
 * policy.
 */
export const strengthen: Strengthen = (enforce) => {
  obeyProcess();
  if (enforce) {
    enforceOnThisThread('checkModules() was called with enforce: true');
    handOnEnforcement();
  }
  if (anythingIsEnforced()) noticeEnforcement();
};

/** True for the first copy of this package that calls it. Only that copy is installed. */
export function installOnce(): boolean {
  if (ObjectHasOwn(process, installed)) return false;
  ObjectDefineProperty(process, installed, {
    __proto__: null,
    value: strengthen,
  } as PropertyDescriptor);
  return true;
}

/** Strengthens the policy of the copy that is installed. It may be the preload. */
export function strengthenInstalled(enforce: boolean): void {
  (process as unknown as Record<symbol, Strengthen>)[installed]?.(enforce);
}
