import {
  closeSync,
  fstat as fstatWithCallback,
  fstatSync,
  open as openWithCallback,
  openSync,
  readFile as readFileWithCallback,
  readFileSync,
  readSync,
} from 'node:fs';
import { promisify } from 'node:util';

import {
  addon,
  FACT_CHECK,
  FACT_FD,
  FACT_MODE,
  FACT_SECUREBITS,
  NOT_CHECKED,
  type Addon,
  type CodeFiles,
  type Facts,
} from './addon.js';
import { constants } from './constants.js';
import { EINVAL, ENOSYS } from './errno.js';
import { UnsupportedError } from './errors.js';

type Path = string | Uint8Array;

/** The errno in an error of node:fs, which is libuv's number on every platform. */
function errnoOf(error: unknown): number {
  return (error as NodeJS.ErrnoException).errno ?? EINVAL;
}

/** Throws for resolve bits, because a requested protection must not be dropped silently. */
function plainPath(dirfd: number, path: Path, resolve: number | bigint): string | Buffer {
  const isPlain = BigInt(resolve) === 0n;
  if (dirfd !== constants.AT_FDCWD || !isPlain) {
    const name = isPlain ? 'dir' : 'resolve';
    throw new UnsupportedError(
      'platform',
      `the option ${name} needs openat2 of Linux, and this is ${process.platform}`,
    );
  }
  return typeof path === 'string' ? path : Buffer.from(path);
}

function note(facts: Facts, fd: number, mode: number): void {
  facts[FACT_FD] = fd;
  facts[FACT_CHECK] = NOT_CHECKED;
  facts[FACT_SECUREBITS] = 0;
  facts[FACT_MODE] = mode;
}

const CHUNK = 1 << 16;

let enforced = 0;

/**
 * Replaces the addon where the system has no policy about scripts: node:fs opens and reads, and
 * nothing is checked. Linux has such a policy, so it needs the addon.
 */
const portable: CodeFiles = {
  openCodeSync(dirfd, path, resolve, _what, facts) {
    const plain = plainPath(dirfd, path, resolve);
    try {
      const fd = openSync(plain, 'r');
      note(facts, fd, fstatSync(fd).mode);
    } catch (error) {
      note(facts, errnoOf(error), 0);
    }
    return undefined;
  },
  async openCode(dirfd, path, resolve, _what, facts) {
    const plain = plainPath(dirfd, path, resolve);
    try {
      const fd = await promisify(openWithCallback)(plain, 'r');
      note(facts, fd, (await promisify(fstatWithCallback)(fd)).mode);
    } catch (error) {
      note(facts, errnoOf(error), 0);
    }
    return undefined;
  },
  checkSync: () => NOT_CHECKED,
  check: () => Promise.resolve(NOT_CHECKED),
  // Reads from the start, whatever was read before. Positional reads do not move the offset.
  readFileSync(fd) {
    try {
      if (!fstatSync(fd).isFile()) return readFileSync(fd);
      const chunks: Buffer[] = [];
      for (let at = 0; ;) {
        const chunk = Buffer.allocUnsafe(CHUNK);
        const length = readSync(fd, chunk, 0, CHUNK, at);
        if (length === 0) return Buffer.concat(chunks);
        chunks.push(chunk.subarray(0, length));
        at += length;
      }
    } catch (error) {
      return errnoOf(error);
    }
  },
  async readFile(fd) {
    try {
      if (!(await promisify(fstatWithCallback)(fd)).isFile())
        return await promisify(readFileWithCallback)(fd);
      return portable.readFileSync(fd);
    } catch (error) {
      return errnoOf(error);
    }
  },
  fileMode(fd) {
    try {
      return fstatSync(fd).mode;
    } catch (error) {
      return errnoOf(error);
    }
  },
  getSecurebits: () => 0,
  isEnforced: () => enforced,
  enforce() {
    enforced = 1;
    return 0;
  },
  disown: () => 0,
  // Node has opened it.
  moveFd: () => ENOSYS,
  closeOwned(fd) {
    try {
      closeSync(fd);
      return 0;
    } catch (error) {
      return errnoOf(error);
    }
  },
};

/**
 * The addon on Linux, node:fs elsewhere. Throws UnsupportedError on Linux when the addon cannot be
 * loaded.
 */
export function codeFiles(): CodeFiles {
  return process.platform === 'linux' ? addon() : portable;
}

/** Whether this platform's kernel can be asked. */
export function asksKernel(files: CodeFiles): files is Addon {
  return files !== portable;
}
