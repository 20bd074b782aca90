import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

import { needs } from './support/kernel.js';
import { runProgram, scaled } from './support/program.js';

const dir = mkdtempSync(join(tmpdir(), 'mayexec-fds-'));
afterAll(() => {
  rmSync(dir, { recursive: true });
});
writeFileSync(join(dir, 'good'), '+\n', { mode: 0o755 });

const opens = scaled(1_000_000);
test(
  `after ${opens} opens in all forms, half of them failing, the fd table is as it was`,
  { timeout: 1_200_000 },
  async () => {
    const result = await runProgram<{ opens: number; before: string[]; after: string[] }>(
      'opens.mjs',
      dir,
      String(opens),
    );
    expect(result.opens).toBeGreaterThanOrEqual(opens);
    expect(result.after).toEqual(result.before);
  },
);

const workers = scaled(200);
needs('prctl')(
  `${workers} workers that are terminated while they open and hold files leave no fd and no thread`,
  async () => {
    const { before, after } = await runProgram<
      Record<'before' | 'after', { fds: number; threads: number }>
    >('ended-workers.mjs', join(dir, 'good'), String(workers));
    expect(after.fds).toBe(before.fds);
    expect(after.threads).toBeLessThanOrEqual(before.threads);
  },
  600_000,
);
