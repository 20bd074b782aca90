import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { provideAddon, type Addon } from '../addon.js';
import { UnsupportedError } from '../errors.js';
import { embedded, embeddedAddon } from './embedded.js';
import { aliasOf } from '../preload/guard/fd-alias.js';
import { endWith } from '../preload/end-process.js';

interface ProcessWithDlopen {
  dlopen(module: { exports: object }, filename: string): void;
}

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
    (process as unknown as ProcessWithDlopen).dlopen(module, aliasOf(fd, `${dev}:${ino}`));
    return module.exports as Addon;
  } finally {
    closeSync(fd);
  }
}

/** Loads it. Without it the executable does not start. */
export function loadOwnAddon(): void {
  if (embedded === undefined) return;
  try {
    provideAddon(load(embedded.addon));
  } catch (cause) {
    const why = `the addon of this executable cannot be loaded: ${(cause as Error).message}. Build it again with mayexec build-node, and keep '${embedded.addon}' beside it`;
    endWith(new UnsupportedError('addon', why, { cause }));
  }
}
