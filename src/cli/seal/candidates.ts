import { posix } from 'node:path';

import type { Manifest } from '../manifest/format.js';
import { readAuditLogs, sayNothing, type Unread } from '../read-audit-log.js';
import type { Listing } from '../tree/list.js';
import { toPath, type TreePath } from '../tree/path.js';

/** A file to seal. */
export interface Candidate {
  path: TreePath;
  /** The approved SHA-256s. Undefined allows any content. */
  approved?: ReadonlySet<string>;
  /** Whether to report it when it is missing. */
  required?: boolean;
  /**
   * Whether only its "#!" line makes it code. The line must still be there when the file is sealed.
   */
  script?: boolean;
}

/**
 * The files of a listing. A file without an extension of code must still be code when it is sealed.
 */
export function candidatesFromListing({ paths, scripts, entryPoints }: Listing): Candidate[] {
  return [
    ...paths.map((path) => ({ path, script: scripts.has(path) })),
    ...entryPoints.map((path) => ({ path })),
  ];
}

/** The files of a manifest, each with its approved hash. */
export function candidatesFromManifest({ files }: Manifest): Candidate[] {
  return files.map(({ path, sha256 }) => ({ path, approved: new Set([sha256]), required: true }));
}

export interface Audited {
  candidates: Candidate[];
  /** The number of files in the log that are not beneath the root. */
  outside: number;
  unread: Unread;
  isEmpty: boolean;
}

/**
 * The files of audit logs beneath `root`, an absolute path. Each content that was loaded from a
 * file is approved. Rejects with node:fs's errors.
 */
export async function candidatesFromAudit(logs: readonly string[], root: string): Promise<Audited> {
  /** By the name in the logs, which have each name many times. */
  const named = new Map<string, Set<string>>();
  let records = 0;
  const unread = await readAuditLogs(logs, ({ path, sha256 }) => {
    records += 1;
    if (path === undefined || path.endsWith('.json')) return;
    // A relative name without a hash is not a file: the text of -e, a URL.
    if (!path.startsWith('/') && sha256 === undefined) return;
    let hashes = named.get(path);
    if (hashes === undefined) {
      hashes = new Set();
      named.set(path, hashes);
    }
    if (sha256 !== undefined) hashes.add(sha256);
  });
  const found = new Map<string, Set<string>>();
  let outside = 0;
  for (const [name, hashes] of named) {
    const path = posix.relative(root, posix.resolve(root, name));
    if (path === '' || path === '..' || path.startsWith('../')) {
      outside += 1;
      continue;
    }
    const approved = found.get(path);
    if (approved === undefined) found.set(path, hashes);
    else for (const sha256 of hashes) approved.add(sha256);
  }
  const candidates = [...found].map(([path, approved]) => ({ path: toPath(path), approved }));
  return { candidates, outside, unread, isEmpty: sayNothing(records, unread) };
}
