import { anythingIsEnforced, enforceOnThisThread, obeyProcess } from '../policy.js';
import { noticeEnforcement } from './enforcement.js';
import { handOnEnforcement } from './settings.js';

/** Set on `process` by the first copy of this package, which then checks what this thread loads. */
const installed = Symbol.for('mayexec.register');

type Strengthen = (enforce: boolean) => void;

/**
 * From here on what this thread loads obeys enforcePolicy(). With `enforce` it is refused as
 * under both securebits. A hostile program can call this too, since it weakens nothing.
 */
export const strengthen: Strengthen = (enforce) => {
  obeyProcess();
  if (enforce) {
    enforceOnThisThread('checkModules() was told to enforce');
    handOnEnforcement();
  }
  if (anythingIsEnforced()) noticeEnforcement();
};

/** True for the first copy of this package that asks. That copy is installed. */
export function installOnce(): boolean {
  if (Object.hasOwn(process, installed)) return false;
  Object.defineProperty(process, installed, { value: strengthen });
  return true;
}

/** Strengthens the policy of the copy that is installed. It may be the preload. */
export function strengthenInstalled(enforce: boolean): void {
  (process as unknown as Record<symbol, Strengthen>)[installed]?.(enforce);
}
