/** The flags with which the command opens files in a tree. */
import { readlinkSync } from 'node:fs';

import { constants } from '../../constants.js';
import { openat2Sync } from '../../openat2.js';

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

/** Opens the directory of a command. Links in its path are followed. */
export function openRoot(path: string): number {
  return openat2Sync(path, { flags: constants.O_RDONLY | constants.O_DIRECTORY });
}

/**
 * The present path of an open directory, for display and for comparison with recorded absolute
 * paths.
 */
export function pathOfFd(fd: number): string {
  return readlinkSync(`/proc/self/fd/${fd}`);
}
