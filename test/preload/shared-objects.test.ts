/** The shared object that is mapped is the one that was checked. */
import { execFileSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect } from 'vitest';

import { preload } from '../support/built.js';
import { needs } from '../support/kernel.js';
import { sandbox } from '../support/sandbox.js';
import { PolicyHost } from './policy-host.js';
import { MAJORS, nodeBinary } from './versions.js';

const box = sandbox();
const here = (name: string): string =>
  fileURLToPath(new URL(`shared-objects/${name}`, import.meta.url));
const restricted = new PolicyHost({ restrictFile: true });

const PROGRAMS = [
  'swap-in-subscriber.cjs',
  'swap-in-exports.cjs',
  'swap-in-flags.cjs',
  'swap-in-stats.cjs',
  'swap-in-new-target.cjs',
];

interface Case {
  readonly program: string;
  readonly words?: readonly string[];
  readonly options?: readonly string[];
  readonly since?: number;
}
const cases: readonly Case[] = [
  { program: 'swap-in-subscriber.cjs' },
  { program: 'swap-in-exports.cjs' },
  { program: 'swap-in-flags.cjs' },
  ...['Object.prototype', 'its class'].flatMap((owner) =>
    ['1', '2', '3', '4'].map((call) => ({ program: 'swap-in-stats.cjs', words: [owner, call] })),
  ),
  { program: 'swap-in-new-target.cjs', options: ['--experimental-ffi'], since: 26 },
];

beforeAll(() => {
  for (const name of ['good', 'evil']) {
    const options = ['-shared', '-fPIC', `-DNAME="${name.toUpperCase()}"`];
    execFileSync('cc', [...options, '-o', box.path(`${name}.node`), here('says.c')]);
  }
  for (const name of PROGRAMS) copyFileSync(here(name), box.path(name));
  execFileSync('chmod', ['-R', '755', box.dir]);
  execFileSync('chmod', ['644', box.path('evil.node')]);
});
afterAll(() => {
  restricted.close();
});

describe.for(MAJORS)('on Node %i', (major) => {
  for (const { program, words = [], options = [], since = 0 } of cases) {
    if (major < since) continue;
    needs('execveCheck')(`${[program, ...words].join(' ')}: evil.node is not mapped`, async () => {
      const { stdout } = await restricted.run({
        file: nodeBinary(major),
        args: ['--require', preload, ...options, box.path(program), ...words],
      });
      expect(stdout).not.toContain('EVIL');
    });
  }
});
