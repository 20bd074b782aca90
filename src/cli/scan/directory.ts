import { closeSync } from 'node:fs';

import { fix } from '../advice.js';
import { failed } from '../failure.js';
import { conclude, writeFindings, type FormOptions } from './forms.js';
import { scanTree } from './scan-tree.js';
import { amount, printable, quoted, warn } from '../terminal.js';
import { openRoot } from '../tree.js';

/** A walk that began before the rest of the command was loaded. */
interface StartedWalk {
  /** The fd of the directory. */
  root: number;
  records: Promise<Buffer | number>;
}

/** A plain `scan [DIR]`, whose walk has begun. */
export interface HeadStart extends StartedWalk {
  directory: string;
  options: FormOptions;
}

/** Does the rest of a plain scan. The exit status; never throws. */
export async function finishScan(started: HeadStart): Promise<number> {
  try {
    return await scanDirectory(started.directory, started.options, started);
  } catch (error) {
    return failed(error);
  }
}

/**
 * `mayexec scan DIR`: walks a directory and writes what would be refused there.
 * `started` is its walk, when that has begun. The exit status.
 */
export async function scanDirectory(
  directory: string,
  options: FormOptions & { emulate?: boolean },
  started?: StartedWalk,
): Promise<number> {
  const root = started?.root ?? openRoot(directory);
  try {
    const found = await scanTree(root, directory, options.emulate ?? false, started?.records);
    const name = printable(directory);
    writeFindings(
      options,
      { root: directory, ...found },
      {
        seen: `${amount(found.code, 'file')} of code among ${amount(found.files, 'file')} in ${name}`,
        advice: (reason) =>
          reason === 'mode'
            ? `mayexec seal ${printable(quoted(directory))}`
            : fix(reason, directory),
      },
    );
    for (const path of found.links) {
      warn(
        `${printable(path)}: a symbolic link that leaves the tree; what it leads to was not looked at`,
      );
    }
    return conclude(found);
  } finally {
    closeSync(root);
  }
}
