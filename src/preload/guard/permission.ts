import { embedded } from '../../executable/embedded.js';
import { parseNodeOptions } from '../../tables/words.js';
import { givenOptions } from '../inherit/given-options.js';
import { ALLOW_ADDONS, isPreload } from '../inherit/preload-option.js';
import type { ResolveHook } from '../load/node-module.js';
import { append } from '../lib/append.js';
import { isMainThread } from '../../main-thread.js';
import { native } from '../lib/native.js';
import { isBefore } from '../lib/node-version.js';
import {
  ObjectDefineProperty,
  ReflectApply,
  ReflectDeleteProperty,
  StringPrototypeStartsWith,
} from '../lib/primordials.js';
import { methodOf, replace } from '../lib/replace.js';

/*
 * Node's permission model. Without --allow-addons the preload could not load its addon. So the
 * launcher puts that option right behind the preload. In this place it is for the preload alone,
 * and the program behaves as without the option.
 */

type Has = (scope: string, reference?: string) => boolean;

interface Permission {
  has: Has;
  /** Since Node 24.21 and 26.10. */
  readonly drop?: (scope: string) => void;
}

const { permission } = process as unknown as { readonly permission?: Permission };
const has = permission?.has;

const isGiven = (name: string): boolean => givenOptions.some((option) => option.name === name);

/** Under the permission model node:fs can use only allowed files. */
export const isUnderPermission = permission !== undefined;

/** With --permission-audit Node only reports what it would refuse. */
let refuses = false;

/** Whether this Node loads no addons without the right to, even where it only reports. */
let refusesAddons = false;

/** Call this once the options are read. */
export function readPermission(): void {
  refusesAddons = isUnderPermission && (!isGiven('--permission-audit') || isBefore(25, 0));
  refuses = isUnderPermission && !isGiven('--permission-audit');
}

/**
 * Whether the permission model lets the program read a file. The addon could read it in any case.
 */
export function mayRead(path: string): boolean {
  if (!refuses || has === undefined) return true;
  return ReflectApply(has, permission, ['fs.read', path]);
}

/**
 * Whether the permission model lets the program start threads or processes. It never allows more
 * later.
 */
export function mayStart(what: 'worker' | 'child'): boolean {
  return !refuses || has === undefined || ReflectApply(has, permission, [what]);
}

/** Whether only the preload has the right to load addons. */
function isForPreload(): boolean {
  if (!isUnderPermission || embedded !== undefined) return false;
  const { 0: first, 1: second } = parseNodeOptions(process.env['NODE_OPTIONS'] ?? '');
  return (
    first?.name === '--require' &&
    isPreload(first.value ?? '') &&
    second?.name === ALLOW_ADDONS &&
    givenOptions.filter(({ name }) => name === ALLOW_ADDONS).length === 1
  );
}

let forPreload = false;
let closed = false;

/** Whether the program may load no addons, although the preload could. */
export function addonsAreClosed(): boolean {
  return closed;
}

/** The error of process.dlopen where addons are not allowed. */
export function addonsDisabled(): Error {
  const error = new Error('Cannot load native addon because loading addons is disabled.');
  return ObjectDefineProperty(error, 'code', {
    __proto__: null,
    value: 'ERR_DLOPEN_DISABLED',
    writable: true,
    enumerable: true,
    configurable: true,
  } as PropertyDescriptor);
}

const WARNING = 'The flag --allow-addons must be used with extreme caution';

/**
 * Hides Node's warning about the option from the program. Node prints it after this tick. In a
 * Worker it has already been printed.
 */
export function silenceWarning(): void {
  if (!forPreload || !isMainThread) return;
  const { emit } = process as unknown as { emit: (...args: unknown[]) => unknown };
  const quiet = methodOf({
    method(this: unknown, ...args: unknown[]): unknown {
      const warning = args[1];
      const isOurs =
        args[0] === 'warning' &&
        warning instanceof Error &&
        StringPrototypeStartsWith(warning.message, WARNING);
      return isOurs ? false : ReflectApply(emit, this, args);
    },
  });
  ObjectDefineProperty(quiet, 'name', { __proto__: null, value: 'emit' } as PropertyDescriptor);
  ObjectDefineProperty(process, 'emit', {
    __proto__: null,
    value: quiet,
    writable: true,
    enumerable: false,
    configurable: true,
  } as PropertyDescriptor);
  process.nextTick(() => {
    if ((process.emit as unknown) === quiet) ReflectDeleteProperty(process, 'emit');
  });
}

/**
 * Removes the right to load addons after the preload's own is loaded. A Worker gets the options of
 * the process, even a Worker without a permission model.
 */
export function closeAddons(): void {
  forPreload = isForPreload();
  closed = forPreload && refusesAddons;
  if (closed && isMainThread) native.closeAddons();
  closed ||= native.addonsAreClosed() === 1;
  forPreload ||= closed;
  if (!forPreload || permission === undefined) return;
  permission.drop?.('addon');
  replace<Has>(permission, 'has', (original) => (...args) => {
    if (args[0] === 'addon') return false;
    return ReflectApply(original, permission, args);
  });
}

/** Removes the package condition that Node leaves out where addons are not allowed. */
export const withoutAddonCondition: ResolveHook = (specifier, context, nextResolve) => {
  const { conditions: given } = context;
  if (given === undefined) return nextResolve(specifier, context);
  const conditions: string[] = [];
  for (let i = 0; i < given.length; i++) {
    const condition = given[i] as string;
    if (condition !== 'node-addons') append(conditions, condition);
  }
  return nextResolve(specifier, { __proto__: null, ...context, conditions } as typeof context);
};
