import { posix } from 'node:path';

import type { Manifest } from '../manifest/format.js';
import { readAuditLogs } from '../read-audit-log.js';
import type { Listing } from '../tree/list.js';
import { toPath, type TreePath } from '../tree/path.js';

/** A file that is to be sealed. */
export interface Candidate {
  path: TreePath;
  /** What it may hold: SHA-256s. Without them it may hold anything. */
  approved?: ReadonlySet<string>;
  /** Whether it is missed when it is gone. */
  required?: boolean;
  /** Whether its "#!" line is what makes it code, and has to be there when it is sealed. */
  script?: boolean;
}

/** The files of a listing. A name that does not say so has to prove to be code when it is sealed. */
export function candidatesFromListing({ paths, scripts, entryPoints }: Listing): Candidate[] {
  return [
    ...paths.map((path) => ({ path, script: scripts.has(path) })),
    ...entryPoints.map((path) => ({ path })),
  ];
}

/** The files of a manifest, each with the one text that is approved. */
export function candidatesFromManifest({ files }: Manifest): Candidate[] {
  return files.map(({ path, sha256 }) => ({ path, approved: new Set([sha256]), required: true }));
}

export interface Audited {
  candidates: Candidate[];
  /** How many files the log names that are not beneath the root. */
  outside: number;
  /** How many lines of the log say nothing. */
  unread: number;
}

/**
 * The files beneath `root`, an absolute path, that audit logs name. A file may hold each
 * text that was loaded from it. Rejects with node:fs's errors.
 */
export async function candidatesFromAudit(logs: readonly string[], root: string): Promise<Audited> {
  const found = new Map<string, Set<string>>();
  const outside = new Set<string>();
  const unread = await readAuditLogs(logs, ({ path: named, sha256 }) => {
    if (named === undefined || named.endsWith('.json')) return;
    // What has neither is no file: the text of -e, a URL.
    if (!named.startsWith('/') && sha256 === undefined) return;
    const path = posix.relative(root, posix.resolve(root, named));
    if (path === '' || path === '..' || path.startsWith('../')) {
      outside.add(named);
      return;
    }
    const approved = found.get(path) ?? new Set();
    found.set(path, sha256 === undefined ? approved : approved.add(sha256));
  });
  const candidates = [...found].map(([path, approved]) => ({ path: toPath(path), approved }));
  return { candidates, outside: outside.size, unread };
}
