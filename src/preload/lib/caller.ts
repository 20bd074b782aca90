import {
  ErrorCaptureStackTrace,
  ObjectGetOwnPropertyDescriptor,
  uncurryThis,
} from './primordials.js';
import { undisturbed } from './undisturbed.js';

/** A call site as V8 provides it. */
export interface CallSite {
  readonly getFileName: (this: CallSite) => unknown;
}

const NativeError = Error;
const takeSites = (_: unknown, sites: readonly CallSite[]): readonly CallSite[] => sites;

/**
 * The call sites above a function, or above this one, at most `deepest`. Throws if a program
 * has frozen Error.
 */
export function callSites(
  deepest: number,
  called?: (...args: never[]) => unknown,
): readonly CallSite[] | undefined {
  const holder = { stack: undefined as readonly CallSite[] | undefined };
  const take = (): readonly CallSite[] | undefined =>
    undisturbed(NativeError, 'prepareStackTrace', takeSites, () =>
      undisturbed(NativeError, 'stackTraceLimit', deepest, () => {
        ErrorCaptureStackTrace(holder, called ?? callSites);
        return holder.stack;
      }),
    );
  // Node asks the Error that is global now for its prepareStackTrace.
  const isGlobal = ObjectGetOwnPropertyDescriptor(globalThis, 'Error')?.value === NativeError;
  return isGlobal ? take() : undisturbed(globalThis, 'Error', NativeError, take);
}

// A program can reach the class of call sites and replace its methods.
// eslint-disable-next-line no-restricted-syntax -- its class has no other name
const [ownSite] = (function own(): readonly CallSite[] {
  return callSites(1, own) ?? [];
})();
const CallSitePrototypeGetFileName =
  ownSite === undefined
    ? undefined
    : (uncurryThis(ownSite.getFileName) as unknown as (site: CallSite) => unknown);

/**
 * The script that called this function: the name under which it was compiled, whatever a
 * comment in it claims. Undefined when that is unknown.
 */
export function callerOf(called: (...args: never[]) => unknown): string | undefined {
  try {
    const site = callSites(1, called)?.[0];
    if (site === undefined) return undefined;
    const file = CallSitePrototypeGetFileName?.(site);
    return typeof file === 'string' ? file : undefined;
  } catch {
    return undefined;
  }
}
