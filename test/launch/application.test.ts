// A single executable application whose configuration lets it take options of Node from its
// arguments. It ignores NODE_OPTIONS then, so it has no preload.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { launcher } from '../support/built.js';
import { MAJORS, nodeBinary } from '../preload/versions.js';
import { started } from './launcher.js';

const folder = mkdtempSync(join(tmpdir(), 'mayexec-application-'));
const WORD = '--node-options=--require=./dropped.cjs';

const files = {
  'main.cjs': `console.log('application', ...process.argv.slice(2))`,
  'dropped.cjs': `console.log('RAN')`,
  'starts.cjs': `const [file, ...words] = process.argv.slice(2);
const { stdout, stderr } = require('child_process').spawnSync(file, words, { encoding: 'utf8' });
console.log(stdout + stderr);`,
  'configuration.json': JSON.stringify({
    main: 'main.cjs',
    output: 'app',
    execArgvExtension: 'cli',
    disableExperimentalSEAWarning: true,
  }),
};
for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
chmodSync(join(folder, 'starts.cjs'), 0o755);
const built = spawnSync(nodeBinary(26), ['--build-sea', 'configuration.json'], { cwd: folder });
if (built.status !== 0) throw new Error(String(built.stderr));

afterAll(() => {
  rmSync(folder, { recursive: true });
});

const ways: readonly { name: string; words: string[] }[] = [
  { name: 'the first word', words: ['./app', WORD] },
  { name: 'a word behind others and --', words: ['./app', 'x', '--', WORD] },
  { name: 'a word behind env', words: ['env', './app', WORD] },
  { name: 'the text of a shell', words: ['sh', '-c', `./app x '${WORD}'`] },
  { name: 'a word that a shell passes on', words: ['sh', '-c', './app "$@"', 'sh', WORD] },
];

describe.each(ways)('--node-options= as $name', ({ words }) => {
  const [file = '', ...rest] = words;

  it('runs a dropped file by itself', async () => {
    expect((await started(file, rest, { cwd: folder })).stdout).toMatch(/^RAN/);
  });

  it('is refused by mayexec-run', async () => {
    const { stdout, stderr, status } = await started(launcher, ['--lock', '--', ...words], {
      cwd: folder,
    });
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^mayexec: the application may take options of Node from '--node-o/m);
    expect(status).toBe(126);
  });

  it.each(MAJORS)('is refused to a program, on Node %i', async (major) => {
    const { stdout, stderr, status } = await started(
      launcher,
      ['--lock', '--', nodeBinary(major), 'starts.cjs', ...words],
      { cwd: folder },
    );
    expect(stdout).toBe('');
    expect(stderr).toContain('the application may take options of Node');
    expect(status).toBe(126);
  });
});

it.each([['x'], ['--node-option=x'], ['--node-options', 'x'], ['--other=--node-options=x']])(
  'an application gets its own words: %s',
  async (...words) => {
    const { stdout } = await started(launcher, ['--lock', '--', './app', ...words], {
      cwd: folder,
    });
    expect(stdout).toBe(`application ${words.join(' ')}\n`);
  },
);

it('other programs get such a word', async () => {
  const { stdout } = await started(launcher, ['--lock', '--', 'echo', WORD], { cwd: folder });
  expect(stdout).toBe(`${WORD}\n`);
});
