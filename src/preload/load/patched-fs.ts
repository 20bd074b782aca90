import type { KnownOrigin } from '../../origin.js';
import { filesAreRestricted } from '../../policy.js';
import { builtin } from '../lib/builtins.js';
import { warnsOfPending } from '../lib/pending-deprecation.js';
import { publishUnchecked, refused } from '../refused.js';

/*
 * Virtual file systems, mocks and package managers with zip files replace the functions
 * that Node's loaders read with.
 */

type Functions = Record<
  'readFileSync' | 'openSync' | 'readSync' | 'readFileUtf8' | 'open' | 'read' | 'fstat',
  unknown
>;

/** The functions that Node's own step of a load calls. A load asks about them by their names. */
const ofFs = ({ readFileSync, openSync, readSync }: Functions) => ({
  readFileSync,
  openSync,
  readSync,
});
const ofBinding = ({ readFileUtf8, open, read, fstat }: Functions) => ({
  readFileUtf8,
  open,
  read,
  fstat,
});

/** Undefined where Node would print a warning, or does not give it. */
function bindingOfFs(): Functions | undefined {
  if (warnsOfPending()) return undefined;
  try {
    return (process as unknown as { binding: (name: string) => Functions }).binding('fs');
  } catch {
    return undefined;
  }
}

const fs = builtin<Functions>('node:fs');
let original: ReturnType<typeof ofFs> | undefined;
let binding: Functions | undefined;
let originalOfBinding: ReturnType<typeof ofBinding> | undefined;

/** Call this before the program could replace them. */
export function rememberFs(): void {
  binding = bindingOfFs();
  original = ofFs(fs);
  originalOfBinding = binding && ofBinding(binding);
}

/** Whether the functions that Node's loaders read files with have been replaced. */
export function isFsPatched(): boolean {
  if (original === undefined) return true;
  const { readFileSync, openSync, readSync } = original;
  if (fs.readFileSync !== readFileSync || fs.openSync !== openSync || fs.readSync !== readSync)
    return true;
  if (binding === undefined || originalOfBinding === undefined) return false;
  const { readFileUtf8, open, read, fstat } = originalOfBinding;
  return (
    binding.readFileUtf8 !== readFileUtf8 ||
    binding.open !== open ||
    binding.read !== read ||
    binding.fstat !== fstat
  );
}

let hooksFromBefore = false;

/**
 * Call this where the program may have registered hooks already: they run between Node and the
 * hooks of this package.
 */
export function noteHooksFromBefore(): void {
  hooksFromBefore = true;
}

/** Whether there may be hooks that registerHooks of this package has not seen. */
export const hooksAreFromBefore = (): boolean => hooksFromBefore;

/** Whether Node's own step of a load may return another text than the file's. */
export function isTextInDoubt(): boolean {
  return hooksFromBefore || isFsPatched();
}

/** Why the text may differ, and what to do. */
function whoElse(): string {
  return isFsPatched()
    ? 'the program has replaced functions of node:fs. Put the code into a real file, and run chmod +x on that file'
    : 'a hook that was registered before checkModules() changes its text. Call checkModules() before any hook is registered';
}

/**
 * Publishes that a module's text came from no file that the kernel can check. Throws
 * ExecDeniedError where files are restricted.
 */
export function textFromElsewhere(
  path: string,
  origin: KnownOrigin,
  importers: () => readonly string[],
): void {
  const denied = filesAreRestricted();
  publishUnchecked(denied, () => ({ operation: 'load', origin, path, importers: importers() }));
  if (denied) {
    throw refused(
      `its text did not come from a file that the kernel could check, because ${whoElse()}`,
      path,
    );
  }
}
