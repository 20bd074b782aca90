import {
  ErrorCaptureStackTrace,
  ObjectDefineProperty,
  ObjectGetOwnPropertyDescriptor,
  uncurryThis,
} from './primordials.js';

interface CallSite {
  readonly getFileName: (this: CallSite) => unknown;
}

const NativeError = Error;
const takeSites = (_: unknown, sites: readonly CallSite[]): readonly CallSite[] => sites;

function set(name: string, value: unknown): void {
  ObjectDefineProperty(NativeError, name, {
    __proto__: null,
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  } as PropertyDescriptor);
}

function putBack(name: string, before: PropertyDescriptor | undefined): void {
  if (before === undefined) Reflect.deleteProperty(NativeError, name);
  else ObjectDefineProperty(NativeError, name, before);
}

/** The caller of a function on the stack. Throws if a program has frozen Error. */
function siteAbove(called: (...args: never[]) => unknown): CallSite | undefined {
  const prepare = ObjectGetOwnPropertyDescriptor(NativeError, 'prepareStackTrace');
  const limit = ObjectGetOwnPropertyDescriptor(NativeError, 'stackTraceLimit');
  const holder = { stack: undefined as readonly CallSite[] | undefined };
  try {
    set('prepareStackTrace', takeSites);
    set('stackTraceLimit', 1);
    ErrorCaptureStackTrace(holder, called);
    return holder.stack?.[0];
  } finally {
    putBack('prepareStackTrace', prepare);
    putBack('stackTraceLimit', limit);
  }
}

// A program can reach the class of call sites and replace its methods.
const [ownSite] = (function own(): readonly CallSite[] {
  const site = siteAbove(own);
  return site === undefined ? [] : [site];
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
    const site = siteAbove(called);
    if (site === undefined) return undefined;
    const file = CallSitePrototypeGetFileName?.(site);
    return typeof file === 'string' ? file : undefined;
  } catch {
    return undefined;
  }
}
