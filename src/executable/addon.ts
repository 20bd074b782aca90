import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { provideAddon, type Addon } from '../addon.js';
import { UnsupportedError } from '../errors.js';
import { embedded, embeddedAddon } from './embedded.js';
import { aliasOf } from '../preload/guard/fd-alias.js';
import { endWith } from '../preload/end-process.js';

interface ProcessWithDlopen {
  readonly dlopen: (module: { exports: object }, filename: string, flags?: number) => void;
}
const { dlopen } = process as unknown as ProcessWithDlopen;

/** dlopen(3). */
const RTLD_LAZY = 1;
const RTLD_NOLOAD = 4;

let loadedBy = '';

/** The path by which it is loaded, for the Workers that this thread starts. */
export const ownAddon = (): string => loadedBy;

/**
 * The addon is a separate file beside the executable. So the system's rules for mapped files
 * (noexec mounts, IMA, a security module) apply to it, and would rightly refuse a copy in a
 * temporary file. It must be identical to the one that this executable was built with, so its
 * folder does not matter.
 */
function load(file: string): Addon {
  const path = join(dirname(process.execPath), file);
  const fd = openSync(path, 'r');
  try {
    if (!readFileSync(fd).equals(embeddedAddon())) {
      throw new Error(`'${path}' is not the file that this executable was built with`);
    }
    const module = { exports: {} };
    const { dev, ino } = fstatSync(fd, { bigint: true });
    const alias = aliasOf(fd, `${dev}:${ino}`);
    dlopen(module, alias);
    loadedBy = alias;
    return module.exports as Addon;
  } finally {
    closeSync(fd);
  }
}

/**
 * The addon that the main thread has loaded. glibc finds it by that path alone. It opens nothing, so
 * no other thread can exchange an fd meanwhile. musl opens the path, and then this is undefined.
 */
function loadedAlready(by: string): Addon | undefined {
  const module = { exports: {} };
  try {
    dlopen(module, by, RTLD_LAZY | RTLD_NOLOAD);
    loadedBy = by;
    return module.exports as Addon;
  } catch {
    return undefined;
  }
}

/**
 * Loads it. Without it the executable does not start. A Worker knows by which path the main thread
 * has loaded it.
 */
export function loadOwnAddon(by?: string): void {
  if (embedded === undefined) return;
  try {
    provideAddon((by === undefined ? undefined : loadedAlready(by)) ?? load(embedded.addon));
  } catch (cause) {
    const why = `the addon of this executable cannot be loaded: ${(cause as Error).message}. Build it again with mayexec build-node, and keep '${embedded.addon}' beside it`;
    endWith(new UnsupportedError('addon', why, { cause }));
  }
}
