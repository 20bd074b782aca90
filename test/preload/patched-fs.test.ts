import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, describe, expect, test } from 'vitest';

import { preload } from '../support/built.js';
import { Fixture } from './fixture.js';
import { PolicyHost, type Outcome } from './policy-host.js';
import { MAJORS, nodeBinary } from './versions.js';

const open = new PolicyHost({});
const restricted = new PolicyHost({ restrictFile: true });
const fixture = new Fixture();

afterAll(() => {
  open.close();
  restricted.close();
  rmSync(fixture.root, { recursive: true });
});

const program = (file: string): string =>
  readFileSync(new URL(`./ways/patched-fs/${file}`, import.meta.url), 'utf8');

/** What plain Node reads by functions that the program can replace. */
const REPLACED = [
  ['readFileSync', 'require'],
  ['readFileSync', 'import'],
  ['readFileSync', 'json'],
  ['openSync', 'import'],
  ['binding readFileUtf8', 'require'],
  ['binding open', 'import'],
] as const;

describe.for(MAJORS)('a program that replaces functions of node:fs, on Node %i', (major) => {
  const cwd = fixture.folder(`patched ${major}`, { name: '', kind: 'file', args: [] }, 0o644);
  for (const [file, text] of Object.entries({
    'replaced.cjs': program('replaced.cjs'),
    'missing.cjs': program('missing.cjs'),
    'unchanged.cjs': program('unchanged.cjs'),
    'disk.cjs': `console.log('disk')`,
    'disk.mjs': `console.log('disk')`,
    'disk.json': '{"virtual":false}',
  })) {
    writeFileSync(join(cwd, file), text);
    chmodSync(join(cwd, file), 0o755);
  }
  const run = (host: PolicyHost, preloaded: boolean, args: string[], env = {}): Promise<Outcome> =>
    host.run({
      file: nodeBinary(major),
      args: [...(preloaded ? ['--require', preload] : []), ...args],
      cwd,
      env,
    });

  test.for(REPLACED)('%s, by %s: its text runs where nothing is enforced', async (row) => {
    const { stdout, stderr } = await run(open, false, ['replaced.cjs', ...row]);
    expect(stdout, stderr).toContain('virtual');
    expect((await run(open, true, ['replaced.cjs', ...row])).stdout).toBe(stdout);
  });

  test.for(REPLACED)('%s, by %s: its text is refused where files are restricted', async (row) => {
    const { stdout, stderr } = await run(restricted, true, ['replaced.cjs', ...row]);
    expect(stdout, stderr).toBe('EACCES true\n');
  });

  test('a file that is nowhere else runs, or is refused, and is published', async () => {
    expect((await run(open, false, ['missing.cjs'])).stdout).toBe('virtual\n');
    const env = { MAYEXEC_AUDIT_LOG: 'audit.log' };
    for (const [host, stdout, denied] of [
      [open, 'virtual\n', false],
      [restricted, 'EACCES true\n', true],
    ] as const) {
      rmSync(join(cwd, 'audit.log'), { force: true });
      const outcome = await run(host, true, ['missing.cjs'], env);
      expect(outcome.stdout, outcome.stderr).toBe(stdout);
      const lines = readFileSync(join(cwd, 'audit.log'), 'utf8').trim().split('\n');
      expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({
        path: join(cwd, 'virtual.cjs'),
        allowed: false,
        denied,
      });
    }
  });

  test.for([open, restricted])('functions that change nothing break nothing', async (host) => {
    expect((await run(host, true, ['unchanged.cjs'])).stdout).toBe('disk\ndisk\n');
  });
});
