import { closeSync, openSync, readSync } from 'node:fs';

import { printable } from './terminal.js';

/** The size of a manifest of a million files. */
const LARGEST = 256 << 20;
const CHUNK = 1 << 20;
const STANDARD_INPUT = 0;

/** The file is too large to be what it should be. */
export class DocumentError extends Error {
  readonly syscall = 'read';
}

/**
 * Opens a file, or standard input for "-", and reads it whole. `use` gets the open file, too.
 * Throws DocumentError and node:fs's errors.
 */
export function readDocument<T>(file: string, use: (bytes: Buffer, fd: number) => T): T {
  const fd = file === '-' ? STANDARD_INPUT : openSync(file, 'r');
  try {
    return use(readAll(fd, file), fd);
  } finally {
    if (fd !== STANDARD_INPUT) closeSync(fd);
  }
}

/** Reads to the end, because a pipe has no size. */
function readAll(fd: number, file: string): Buffer {
  const chunks: Buffer[] = [];
  for (let length = 0; ;) {
    const chunk = Buffer.allocUnsafe(CHUNK);
    const got = readSync(fd, chunk);
    if (got === 0) return Buffer.concat(chunks, length);
    chunks.push(chunk.subarray(0, got));
    length += got;
    if (length > LARGEST)
      throw new DocumentError(`${printable(file)}: it has more than ${LARGEST >> 20} MiB`);
  }
}

/** The text of JSON. Editors of Windows put a byte order mark before it. */
export function jsonText(bytes: Buffer): string {
  const text = bytes.toString();
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}
