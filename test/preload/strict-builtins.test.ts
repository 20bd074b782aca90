import { readFileSync, rmSync } from 'node:fs';

import { afterAll, expect, test } from 'vitest';

import { Fixture } from './fixture.js';
import { PolicyHost } from './policy-host.js';
import { runStrict } from './run-strict.js';
import { MAJORS } from './versions.js';

const host = new PolicyHost({ restrictFile: true, denyInteractive: true });
const fixture = new Fixture();

afterAll(() => {
  host.close();
  rmSync(fixture.root, { recursive: true });
});

const program = readFileSync(new URL('strict/every-builtin.mjs', import.meta.url), 'utf8');

test.concurrent.for(MAJORS)(
  'each builtin of Node %i can be required, imported and taken apart under strict',
  async (major) => {
    const files = { 'every-builtin.mjs': program };
    const more = major === 26 ? ['--experimental-bench'] : [];
    const args = ['--no-warnings', ...more, 'every-builtin.mjs'];
    const cwd = fixture.folder('builtins', { name: '', kind: 'file', args, files }, 0o644);
    const { stdout, stderr } = await runStrict(host, { major, args, cwd });
    expect(stdout + stderr).toMatch(/^had (6\d|7\d) builtins\n$/);
  },
);
