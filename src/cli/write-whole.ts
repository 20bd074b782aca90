import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { aboutFile } from '../errors.js';

/**
 * Writes a file completely or not at all, and replaces a file of that name. It writes directly into
 * a device or a pipe. Throws node:fs's errors.
 */
export function writeWhole(file: string, text: string): void {
  const before = statSync(file, { throwIfNoEntry: false });
  if (before !== undefined && !before.isFile()) {
    writeFileSync(file, text);
    return;
  }
  const target = before === undefined ? file : realpathSync(file);
  const unfinished = join(
    dirname(target),
    `.${basename(target)}.${randomBytes(6).toString('hex')}`,
  );
  try {
    const fd = openSync(unfinished, 'wx', 0o644);
    try {
      writeFileSync(fd, text);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(unfinished, target);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw aboutFile(file, error);
  }
}
