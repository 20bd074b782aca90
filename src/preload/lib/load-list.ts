import { writeSync as writeToFd } from 'node:fs';

import { CANNOT_EXECUTE } from '../end-process.js';
import { whenEnforced } from '../enforcement.js';
import { addonsAreClosed } from '../guard/permission.js';
import { strict } from '../settings.js';
import { builtin, patchBuiltin } from './builtins.js';
import { plainProperty } from './plain-property.js';
import {
  ObjectDefineProperty,
  ObjectHasOwn,
  ObjectSetPrototypeOf,
  ObjectValues,
  ReflectDefineProperty,
  SafeProxy,
} from './primordials.js';
import { replaceValue } from './replace.js';

/*
 * Node loads some builtins although the program has not asked for them: fetch loads node:tls, and
 * node:bench loads node:child_process. Node adds each to process.moduleLoadList after loading it.
 * An array asks its prototype before it stores a new element, so a prototype of this file notices.
 */

interface Owner {
  readonly moduleLoadList: string[];
  readonly reallyExit: (status: number) => never;
}
const owner = process as unknown as Owner;
const { reallyExit } = owner;
const writeSync = writeToFd;
const ArrayPrototype = Array.prototype;

/** The entries that are guarded, and their builtins. */
const LOADED: Readonly<Record<string, `node:${string}`>> = {
  'NativeModule child_process': 'node:child_process',
  'NativeModule tls': 'node:tls',
};

/**
 * Whether a loaded module has its exports. Node's own node:tls lacks some, and connects to nothing,
 * when Node has begun with another part of it.
 */
const isComplete = (url: `node:${string}`): boolean =>
  url !== 'node:tls' || builtin<{ SecureContext?: unknown }>(url).SecureContext !== undefined;

function note(entry: string): void {
  if (!ObjectHasOwn(LOADED, entry)) return;
  const url = LOADED[entry] as `node:${string}`;
  if (isComplete(url)) patchBuiltin(url);
}

/** Whether a module without its guard would let through what is refused. */
let guards = false;
/** Entries that are not guarded yet, because nothing is refused. */
const missed = { __proto__: null } as unknown as Record<string, boolean>;

/** The module is there now, and Node would use it without its guard. */
function end(): void {
  try {
    writeSync(2, 'mayexec: a module of Node could not be guarded, so the process ends\n');
  } finally {
    reallyExit(CANNOT_EXECUTE);
  }
}

/**
 * The list that the program sees. With Node's own list it could replace the prototype that watches.
 */
let shown: string[] = [];

const show = (entry: unknown): boolean =>
  ReflectDefineProperty(shown, shown.length, plainProperty(entry));

function store(list: object, index: PropertyKey, entry: unknown): boolean {
  ObjectDefineProperty(list, index, plainProperty(entry));
  show(entry);
  try {
    if (typeof entry === 'string') note(entry);
  } catch {
    // Only a nearly full stack leads here. Another call could overflow it.
    if (guards) end();
    missed[entry as string] = true;
  }
  return true;
}

function guardMissed(): void {
  guards = true;
  try {
    for (const entry in missed) note(entry);
  } catch {
    end();
  }
}

/** Guards builtins that Node loads by itself as if the program asked for them. */
export function watchLoadList(): void {
  guards ||= strict || addonsAreClosed();
  whenEnforced(guardMissed);
  const { moduleLoadList } = owner;
  for (let i = 0; i < moduleLoadList.length; i++) note(moduleLoadList[i] as string);
  // Unlike slice() it makes an array that no program can replace.
  shown = ObjectValues(moduleLoadList);
  const told = new SafeProxy(ArrayPrototype, {
    __proto__: null,
    set: (_target: object, index: PropertyKey, entry: unknown, list: object) =>
      store(list, index, entry),
  } as ProxyHandler<unknown[]>);
  ObjectSetPrototypeOf(moduleLoadList, told);
  replaceValue(process, 'moduleLoadList', shown);
}
