import { hash } from 'node:crypto';
import { join, posix } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { Parser } from 'tar/parse';

import { readRegularFile } from '../../image/regular-file.js';
import { toPath } from '../tree/path.js';

/** No real package is larger. */
const LARGEST = 2 ** 31 - 1;

const FILES: ReadonlySet<string> = new Set(['File', 'OldFile', 'ContiguousFile']);

/** Why the files of a package are unknown. */
export type Unknown = 'no-tarball' | 'bad-tarball';

/**
 * The SHA-256 of each file in a tarball of npm's cache, by its path in the package. The cache is
 * not trusted, so the tarball must have this SHA-512, in hexadecimal.
 */
export function readTarball(cache: string, sha512: string): Map<string, string> | Unknown {
  const parts = [sha512.slice(0, 2), sha512.slice(2, 4), sha512.slice(4)];
  let packed: Buffer;
  try {
    packed = readRegularFile(join(cache, '_cacache', 'content-v2', 'sha512', ...parts));
  } catch {
    return 'no-tarball';
  }
  if (hash('sha512', packed) !== sha512) return 'bad-tarball';
  try {
    return filesOf(gunzipSync(packed, { maxOutputLength: LARGEST }));
  } catch {
    return 'bad-tarball';
  }
}

/**
 * The files as npm unpacks them: without the first folder, without links, and the last one of a
 * name.
 */
function filesOf(archive: Buffer): Map<string, string> {
  const files = new Map<string, string>();
  const parser = new Parser({
    strict: true,
    onReadEntry: (entry) => {
      const path = entry.path.split('/').slice(1).join('/');
      if (path === '' || !FILES.has(entry.type)) {
        entry.resume();
        return;
      }
      const chunks: Buffer[] = [];
      entry.on('data', (chunk: Buffer) => chunks.push(chunk));
      entry.on('end', () => {
        files.set(toPath(posix.normalize(path)), hash('sha256', Buffer.concat(chunks)));
      });
    },
  });
  parser.end(archive);
  return files;
}
