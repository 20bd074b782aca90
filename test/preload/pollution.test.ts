import { chmodSync, copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, describe, expect, test } from 'vitest';

import { Fixture } from './fixture.js';
import { PolicyHost, type Outcome } from './policy-host.js';
import { MAJORS, nodeBinary, preload } from './versions.js';

const host = new PolicyHost({ restrictFile: true, denyInteractive: true });
const fixture = new Fixture();
const folder = fixture.folder('pollution', { name: '', kind: 'file', args: [] }, 0o644);
const program = fileURLToPath(new URL('./pollution.cjs', import.meta.url));
copyFileSync(program, join(folder, 'program.cjs'));
chmodSync(join(folder, 'program.cjs'), 0o755);
for (const extension of ['cjs', 'mjs']) {
  writeFileSync(join(folder, `dropped-quiet.${extension}`), 'globalThis.dropped = true');
}

afterAll(() => {
  host.close();
  rmSync(fixture.root, { recursive: true });
});

/** Lies by which Node ends, one way or another, are told once; then it goes on with the next. */
const MOST_ENDS = 40;

describe.for(MAJORS)('a lie at a time on Node %i', (major) => {
  const run = (from: number, env: Record<string, string>): Promise<Outcome> =>
    host.run({
      file: nodeBinary(major),
      args: ['program.cjs', preload, String(from)],
      cwd: folder,
      env,
    });

  test('in plain Node the file runs', async () => {
    expect((await run(0, {})).stdout).toContain('RAN');
  });

  test('none lets it run under the preload', { timeout: 180_000 }, async () => {
    let from = 0;
    for (let ends = 0; ends < MOST_ENDS; ends++) {
      const { stdout, stderr } = await run(from, { NODE_OPTIONS: `--require=${preload}` });
      expect(stdout.slice(stdout.indexOf('RAN')), stderr).not.toContain('RAN');
      if (stdout.includes('DONE')) {
        expect(from + stdout.split(' ').length).toBeGreaterThan(5000);
        return;
      }
      const told = stdout.trim().split(' ').map(Number);
      expect(told.at(-1), stderr).toBeGreaterThan(from);
      from = told.at(-1) ?? 0;
    }
    throw new Error(`Node ended ${String(MOST_ENDS)} times, the last at lie ${String(from)}`);
  });
});
