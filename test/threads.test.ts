import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect } from 'vitest';

import { needs } from './support/kernel.js';
import { runProgram, scaled } from './support/program.js';

const dir = mkdtempSync(join(tmpdir(), 'mayexec-threads-'));
afterAll(() => {
  rmSync(dir, { recursive: true });
});

// While the kernel makes a check, no thread can be started that shares the
// checking thread's fs_struct (native/checker.h).
describe('while checks run in a tight loop', () => {
  const workers = scaled(1000);
  needs('prctl')(
    `${workers} workers start, and none fails`,
    async () => {
      const result = await runProgram<{ started: number; errors: object; checks: number }>(
        'workers.mjs',
        '/bin/true',
        String(workers),
      );
      expect(result).toMatchObject({ started: workers, errors: {} });
      expect(result.checks).toBeGreaterThan(workers);
    },
    600_000,
  );

  const processes = scaled(50);
  needs('prctl')(
    `libuv's pool starts for the first time in ${processes} fresh processes`,
    async () => {
      for (let i = 0; i < processes; i++) {
        expect(await runProgram('pool-start.cjs', '/bin/true')).toEqual({ read: 8 });
      }
    },
    600_000,
  );
});

needs('prctl')('process.chdir() reaches every form of open, in every thread', async () => {
  const all = (name: string): string[] => Array.from({ length: 6 }, () => name);
  expect(await runProgram('chdir.mjs', dir)).toEqual({ one: all('one'), two: all('two') });
});
