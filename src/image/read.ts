import { fstatSync, readSync } from 'node:fs';

import { addon } from '../addon.js';
import {
  directoryLength,
  HEADER,
  ImageError,
  parseDirectory,
  parseHeader,
  type Directory,
  type Hash,
  type Header,
} from './format.js';

/** Reads until `into` is full or the file ends. Returns how much was read. */
function readAt(fd: number, into: Uint8Array): number {
  let done = 0;
  while (done < into.length) {
    const n = readSync(fd, into, done, into.length - done, done);
    if (n === 0) break;
    done += n;
  }
  return done;
}

/** SHA-256 in hexadecimal digits. Throws ImageError where this Node has none. */
export const sha256: Hash = (bytes) => {
  const hash = addon().sha256(bytes);
  if (typeof hash === 'string') return hash;
  throw new ImageError('this Node was built without OpenSSL');
};

function lengthOf({ metaLength, count, pathsLength }: Header): number {
  return HEADER + directoryLength(metaLength, count, pathsLength);
}

/** The directory of the image behind an fd. Throws ImageError, and node:fs's errors. */
export function readDirectory(fd: number): Directory {
  const { size } = fstatSync(fd);
  const first = Buffer.alloc(HEADER);
  const header = parseHeader(first.subarray(0, readAt(fd, first)), size);
  const start = Buffer.alloc(lengthOf(header));
  return directoryIn(start.subarray(0, readAt(fd, start)), size);
}

/** The directory in the start of an image of this size. Throws ImageError. */
export function directoryIn(start: Buffer, size: number): Directory {
  const header = parseHeader(start, size);
  if (start.length !== lengthOf(header)) throw new ImageError('it is too short');
  return parseDirectory(header, start, sha256);
}
