import { fstatSync, readSync as read } from 'node:fs';

import {
  directoryLength,
  HEADER,
  ImageError,
  parseDirectory,
  parseHeader,
  type Directory,
  type Hash,
} from './format.js';

// The preload reads modules after the program has run, which can replace it.
const readSync = read;

/** Reads until `into` is full or the file ends. Returns how much was read. */
function readAt(fd: number, into: Uint8Array, length: number, position: number): number {
  let done = 0;
  while (done < length) {
    const n = readSync(fd, into, done, length - done, position + done);
    if (n === 0) break;
    done += n;
  }
  return done;
}

/** The directory of the image behind an fd. Throws ImageError, and node:fs's errors. */
export function readDirectory(fd: number, hash: Hash): Directory {
  const { size } = fstatSync(fd);
  const first = Buffer.alloc(HEADER);
  const header = parseHeader(first.subarray(0, readAt(fd, first, HEADER, 0)), size);
  const { metaLength, count, pathsLength } = header;
  const start = Buffer.alloc(HEADER + directoryLength(metaLength, count, pathsLength));
  if (readAt(fd, start, start.length, 0) !== start.length) throw new ImageError('it is too short');
  return parseDirectory(header, start, hash);
}

/** How many bytes of bytecode and source a module has. */
export function lengthOf({ bytecodeLengths, sourceLengths }: Directory, i: number): number {
  return (bytecodeLengths[i] as number) + (sourceLengths[i] as number);
}

/**
 * Reads bytecode and source of a module, as they are in the file now, into as many bytes.
 * The caller compares their SHA-256 with the directory's before anything else.
 */
export function readModuleAt(fd: number, directory: Directory, i: number, into: Uint8Array): void {
  readAt(fd, into, lengthOf(directory, i), directory.offsets[i] as number);
}
