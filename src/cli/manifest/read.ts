import { readDocument } from '../read-document.js';
import { printable } from '../terminal.js';
import { stateOf, type Identity } from '../tree/file.js';
import { ManifestError, parseManifest, type Manifest } from './format.js';

/** A manifest and the identity of its file, which is not code when it is in the tree. */
export interface ReadManifest extends Manifest {
  identity: Identity;
}

/**
 * Reads a manifest from a file, or from standard input for "-". Throws ManifestError, DocumentError
 * and node:fs's errors.
 */
export function readManifest(file: string): ReadManifest {
  return readDocument(file, (bytes, fd) => {
    const { dev, ino } = stateOf(fd);
    try {
      return { ...parseManifest(bytes), identity: { dev, ino } };
    } catch (error) {
      if (!(error instanceof ManifestError)) throw error;
      throw new ManifestError(`${printable(file)}: ${error.message}`);
    }
  });
}
