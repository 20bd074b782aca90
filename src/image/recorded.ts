import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { sha256 } from './read.js';

/** The bytecode that record.ts has written. */
export interface Recorded {
  readonly count: number;
  /** The bytecode recorded for a source, the largest first. */
  of(source: Buffer): readonly Buffer[];
}

export const NOTHING_RECORDED: Recorded = { count: 0, of: () => [] };

/** The names of files that record.ts writes: SHA-256 of a source, process and thread. */
const NAME = /^([0-9a-f]{64})\.\d+\.\d+$/;

export function readRecorded(folder: string): Recorded {
  const found = new Map<string, Buffer[]>();
  for (const name of readdirSync(folder)) {
    const hash = NAME.exec(name)?.[1];
    if (hash === undefined) continue;
    const all = [...(found.get(hash) ?? []), readFileSync(join(folder, name))];
    found.set(
      hash,
      all.sort((a, b) => b.length - a.length),
    );
  }
  return { count: found.size, of: (source) => found.get(sha256(source)) ?? [] };
}
