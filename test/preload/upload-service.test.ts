import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, expect, test } from 'vitest';

import { nodeBinary } from './versions.js';

const attack = fileURLToPath(new URL('../../examples/upload-service/attack.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'mayexec-upload-'));

afterAll(() => {
  rmSync(folder, { recursive: true });
});

// The compile cache, by which one of the attacks goes, is there from Node 22 on.
test.for([22, 24, 26] as const)(
  'every attack on the upload service runs in plain Node %i, and none under mayexec',
  (major) => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [attack, '--node', nodeBinary(major)],
      { encoding: 'utf8', env: { ...process.env, TMPDIR: folder } },
    );
    expect(status, stdout + stderr).toBe(0);
    expect(stdout.match(/ RAN +refused$/gm), stdout).toHaveLength(5);
    expect(stdout).toContain('The service went on: yes.');
    expect(readdirSync(folder)).toEqual([]);
  },
);
