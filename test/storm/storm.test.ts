import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect } from 'vitest';

import { needs } from '../support/kernel.js';

/** `node test/storm/storm.mjs` is the whole proof, of five minutes. */
const SECONDS = Number(process.env['MAYEXEC_STORM_SECONDS'] ?? 20);
const program = fileURLToPath(new URL('storm.mjs', import.meta.url));

interface Part {
  readonly counts: Readonly<Record<string, unknown>>;
  readonly wrong: readonly string[];
}

describe('a storm', () => {
  let parts: Readonly<Record<'paths' | 'logs', Part>>;
  beforeAll(
    () => {
      const { stdout, stderr } = spawnSync(process.execPath, [program, String(SECONDS)], {
        encoding: 'utf8',
      });
      console.log(stdout);
      expect(stderr).toBe('');
      parts = JSON.parse(stdout) as typeof parts;
    },
    (SECONDS * 3 + 120) * 1000,
  );

  needs('openat2', 'execveCheck')(
    'of renames and links: what is read belongs to the verdict, and nothing is outside',
    () => {
      expect(parts.paths.wrong).toEqual([]);
      expect(parts.paths.counts['reads']).toBeGreaterThan(0);
      expect(parts.paths.counts['denied']).toBeGreaterThan(0);
      expect(parts.paths.counts['refused']).toMatchObject({
        PathEscapeError: expect.any(Number) as number,
      });
    },
  );

  needs('openat2', 'execveCheck')(
    'of eight writers of one log that is rotated: each line is whole, and each verdict is counted',
    () => {
      expect(parts.logs.wrong).toEqual([]);
      expect(parts.logs.counts['written']).toBeGreaterThan(0);
      expect(parts.logs.counts['rotations']).toBeGreaterThan(0);
    },
  );
});
