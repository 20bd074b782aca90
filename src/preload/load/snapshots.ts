import { filesAreRestricted } from '../../policy.js';
import { isClosed } from '../enforcement.js';
import { builtin, whenAsked } from '../lib/builtins.js';
import { ReflectApply, ReflectGet } from '../lib/primordials.js';
import { undisturbed } from '../lib/undisturbed.js';
import { fileQuestion, readCode } from './checked-read.js';

/*
 * node:test runs a file of snapshots as code. It reads the file with fs.readFileSync and
 * passes the text to vm.runInContext. It copies both functions when its snapshot part is
 * loaded, so that part is loaded while replacements are in place.
 */

type Method = (this: unknown, ...args: unknown[]) => unknown;
type ReadFileSync = (path: unknown, options?: unknown) => unknown;

let kept: { readonly runInContext: Method; readonly createContext: Method } | undefined;

/** Call this before the gate `vm` is closed: a checked snapshot may still run. */
export function keepRunInContext(): void {
  if (kept !== undefined) return;
  const { runInContext, createContext } = builtin<{
    runInContext: Method;
    createContext: Method;
  }>('node:vm');
  kept = { runInContext, createContext };
}

const nobody = (): readonly string[] => [];

function loadSnapshots(): void {
  // It also needs this module, which must get the functions that are in place now.
  builtin('node:assert');
  const fs = builtin<{ readFileSync: ReadFileSync }>('node:fs');
  const vm = builtin<{ runInContext: Method; createContext: Method }>('node:vm');
  const runInContext = kept?.runInContext ?? vm.runInContext;
  const createContext = kept?.createContext ?? vm.createContext;
  /** The path that was read last. The next text that is run is that file's. */
  let path: unknown;

  const noteRead: ReadFileSync = (file, options) => {
    path = file;
    return fs.readFileSync(file, options);
  };
  const runChecked: Method = (text, context) => {
    const read =
      typeof path === 'string'
        ? readCode(fileQuestion('load', 'test-snapshot', path, false, nobody), true)
        : undefined;
    const checked = read !== undefined && filesAreRestricted() ? read.content : text;
    return ReflectApply(runInContext, vm, [checked, context]);
  };
  // V8's flag does not apply to another realm: without this option its Function would accept
  // strings.
  const makeContext: Method = (contextified) =>
    ReflectApply(createContext, vm, [
      contextified,
      isClosed('eval')
        ? { __proto__: null, codeGeneration: { __proto__: null, strings: false, wasm: false } }
        : undefined,
    ]);
  undisturbed(fs, 'readFileSync', noteRead, () => {
    undisturbed(vm, 'runInContext', runChecked, () => {
      undisturbed(vm, 'createContext', makeContext, () => {
        // Reading this getter loads the snapshot part.
        ReflectGet(builtin<object>('node:test'), 'snapshot');
      });
    });
  });
}

export function installSnapshots(): void {
  whenAsked(['node:test'], loadSnapshots);
}
