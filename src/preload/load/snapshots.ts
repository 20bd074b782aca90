import { filesAreRestricted } from '../../policy.js';
import { builtin, whenAsked } from '../lib/builtins.js';
import {
  ObjectDefineProperty,
  ObjectGetOwnPropertyDescriptor,
  ReflectApply,
  ReflectGet,
} from '../lib/primordials.js';
import { fileQuestion, readCode } from './checked-read.js';

/*
 * node:test runs a file of snapshots as code: it reads it by fs.readFileSync and gives the
 * text to vm.runInContext, both of which it keeps from when that part of it is loaded. So it
 * is loaded while others stand in their place.
 */

type Method = (this: unknown, ...args: unknown[]) => unknown;
type ReadFileSync = (path: unknown, options?: unknown) => unknown;

let kept: Method | undefined;

/** To be called before the gate `vm` is closed: a snapshot that was checked is still run. */
export function keepRunInContext(): void {
  kept ??= builtin<{ runInContext: Method }>('node:vm').runInContext;
}

/** Calls back while another function is an object's own property. */
function lend(owner: object, name: string, value: unknown, meanwhile: () => void): void {
  const before = ObjectGetOwnPropertyDescriptor(owner, name) as PropertyDescriptor;
  ObjectDefineProperty(owner, name, {
    __proto__: null,
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  } as PropertyDescriptor);
  try {
    meanwhile();
  } finally {
    ObjectDefineProperty(owner, name, before);
  }
}

const nobody = (): readonly string[] => [];

function loadSnapshots(): void {
  // It needs this one too, which is to have what is in its place.
  builtin('node:assert');
  const fs = builtin<{ readFileSync: ReadFileSync }>('node:fs');
  const vm = builtin<{ runInContext: Method }>('node:vm');
  const runInContext = kept ?? vm.runInContext;
  /** What was read last: the next text that is run is that file's. */
  let path: unknown;

  const noteRead: ReadFileSync = (file, options) => {
    path = file;
    return fs.readFileSync(file, options);
  };
  const runChecked: Method = (text, context) => {
    const read =
      typeof path === 'string'
        ? readCode(fileQuestion('load', path, false, nobody), true)
        : undefined;
    const checked = read !== undefined && filesAreRestricted() ? read.content : text;
    return ReflectApply(runInContext, vm, [checked, context]);
  };
  lend(fs, 'readFileSync', noteRead, () => {
    lend(vm, 'runInContext', runChecked, () => {
      // A getter, by which it is loaded.
      ReflectGet(builtin<object>('node:test'), 'snapshot');
    });
  });
}

export function installSnapshots(): void {
  whenAsked(['node:test'], loadSnapshots);
}
