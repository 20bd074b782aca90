/** The flags with which the command opens files in a tree. */
import { isUtf8 } from 'node:buffer';
import { readlinkSync } from 'node:fs';

import { addon } from '../../addon.js';
import { constants } from '../../constants.js';
import { EAGAIN } from '../../errno.js';
import { pause } from '../../lease.js';
import { openat2Sync } from '../../openat2.js';
import { toKernel } from './path.js';

/** No component may be a link, and nothing may leave the root. */
export const INSIDE =
  BigInt(constants.RESOLVE_BENEATH) |
  BigInt(constants.RESOLVE_NO_SYMLINKS) |
  BigInt(constants.RESOLVE_NO_MAGICLINKS);

/** A link may be followed, but nothing may leave the root. */
export const BENEATH = BigInt(constants.RESOLVE_BENEATH) | BigInt(constants.RESOLVE_NO_MAGICLINKS);

/** Finds a file without opening it for reading. */
export const PATH_ONLY = BigInt(constants.O_PATH | constants.O_CLOEXEC);

/** The open must not wait if a device or a fifo has replaced the file. */
export const TO_READ = BigInt(
  constants.O_RDONLY | constants.O_CLOEXEC | constants.O_NONBLOCK | constants.O_NOCTTY,
);

export const DIRECTORY = BigInt(constants.O_RDONLY | constants.O_DIRECTORY | constants.O_CLOEXEC);

/**
 * Opens a path beneath a directory: the fd, or -errno. Like open(2) it waits for the holder of a
 * lease (src/lease.ts).
 */
export function openInside(directory: number, path: string, flags: bigint): number {
  for (;;) {
    const fd = addon().openat2Sync(directory, toKernel(path), flags, 0n, INSIDE);
    if (fd !== EAGAIN) return fd;
    pause();
  }
}

/** Opens the directory of a command. Links in its path are followed. */
export function openRoot(path: string): number {
  return openat2Sync(path, { flags: constants.O_RDONLY | constants.O_DIRECTORY });
}

/** Whether the present path of an open directory is UTF-8. Node cannot name another one. */
export function isTextPath(fd: number): boolean {
  return isUtf8(readlinkSync(`/proc/self/fd/${fd}`, 'buffer'));
}

/**
 * The present path of an open directory, for display and for comparison with recorded absolute
 * paths.
 */
export function pathOfFd(fd: number): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch (error) {
    (error as Error).message += ': mount /proc, which knows the paths of open directories';
    throw error;
  }
}
