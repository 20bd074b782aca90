import { closeSync, openSync } from 'node:fs';
import { posix } from 'node:path';

import { readAuditLog } from '../read-audit-log.js';
import { isCodeName } from '../tree/code.js';
import type { Listing } from '../tree/list.js';
import { toPath, type TreePath } from '../tree/path.js';
import type { Identity } from './file.js';

/** A file that is to be sealed, and which one it was when that was recorded. */
export interface Candidate {
  path: TreePath;
  identity?: Identity;
  /** Whether its "#!" line is what makes it code, and has to be there when it is sealed. */
  script?: boolean;
}

/** The files of a listing. A name that does not say so has to prove to be code when it is sealed. */
export function candidatesFromListing({ paths, entryPoints }: Listing): Candidate[] {
  return [
    ...paths.map((path) => ({ path, script: !isCodeName(posix.basename(path)) })),
    ...entryPoints.map((path) => ({ path })),
  ];
}

export interface Audited {
  candidates: Candidate[];
  /** How many files the log names that are not beneath the root. */
  outside: number;
  /** How many lines of the log say nothing. */
  unread: number;
}

/** The files beneath `root`, an absolute path, that an audit log names. Throws node:fs's errors. */
export function candidatesFromAudit(log: string, root: string): Audited {
  const found = new Map<string, Candidate>();
  const outside = new Set<string>();
  const fd = openSync(log, 'r');
  try {
    const unread = readAuditLog(fd, null, ({ path: absolute, dev, ino }) => {
      if (absolute?.startsWith('/') !== true || absolute.endsWith('.json')) return;
      const path = posix.relative(root, posix.normalize(absolute));
      if (path === '' || path === '..' || path.startsWith('../')) outside.add(absolute);
      else {
        const identity = isDecimal(dev) && isDecimal(ino) ? { identity: { dev, ino } } : {};
        // The last word about a path is about the file that is there now.
        found.set(path, { path: toPath(path), ...identity });
      }
    });
    return { candidates: [...found.values()], outside: outside.size, unread };
  } finally {
    closeSync(fd);
  }
}

function isDecimal(value: string | undefined): value is string {
  return value !== undefined && /^\d{1,20}$/.test(value);
}
