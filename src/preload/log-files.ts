import { closeSync, fstatSync } from 'node:fs';

import type { LogFiles } from '../log-files.js';
import { constants } from '../constants.js';
import { syscallError } from '../errors.js';
import { native } from './lib/native.js';
import { BigIntOf } from './lib/primordials.js';

const { AT_FDCWD, O_CLOEXEC, O_PATH } = constants;
const close = closeSync;
const fstat = fstatSync;

function open(path: string, flags: number, mode: number): number {
  const how = BigIntOf(flags | O_CLOEXEC);
  const fd = native.openat2Sync(AT_FDCWD, path, how, BigIntOf(mode), 0n);
  if (fd < 0) throw syscallError(fd, 'openat2', { path });
  return fd;
}

/** The log belongs to the operator, so the program's --permission does not apply to it. */
export const logFiles: LogFiles = {
  open,
  stat(path) {
    const fd = native.openat2Sync(AT_FDCWD, path, BigIntOf(O_PATH | O_CLOEXEC), 0n, 0n);
    if (fd < 0) return undefined;
    try {
      return fstat(fd, { bigint: true });
    } finally {
      close(fd);
    }
  },
};
