import { closeSync, openSync, readSync } from 'node:fs';

import { printable } from '../terminal.js';
import { stateOf, type Identity } from '../tree/file.js';
import { ManifestError, parseManifest, type Manifest } from './format.js';

/** The size of a manifest of a million files. */
const LARGEST = 256 << 20;
const CHUNK = 1 << 20;
const STANDARD_INPUT = 0;

/** A manifest and the identity of its file, which is not code when it is in the tree. */
export interface ReadManifest extends Manifest {
  identity: Identity;
}

/**
 * Reads a manifest from a file, or from standard input for "-". Throws ManifestError and node:fs's
 * errors.
 */
export function readManifest(file: string): ReadManifest {
  const fd = file === '-' ? STANDARD_INPUT : openSync(file, 'r');
  try {
    const { dev, ino } = stateOf(fd);
    return { ...parseManifest(readAll(fd)), identity: { dev, ino } };
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    throw new ManifestError(`${printable(file)}: ${error.message}`);
  } finally {
    if (fd !== STANDARD_INPUT) closeSync(fd);
  }
}

/** Reads all, because a pipe has no size. */
function readAll(fd: number): Buffer {
  const chunks: Buffer[] = [];
  for (let length = 0; ;) {
    const chunk = Buffer.allocUnsafe(CHUNK);
    const got = readSync(fd, chunk);
    if (got === 0) return Buffer.concat(chunks, length);
    chunks.push(chunk.subarray(0, got));
    length += got;
    if (length > LARGEST) throw new ManifestError(`it has more than ${LARGEST >> 20} MiB`);
  }
}
