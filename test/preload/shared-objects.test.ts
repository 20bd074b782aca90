/** The shared object that is mapped is the one that was checked. */
import { execFileSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect } from 'vitest';

import { needs } from '../support/kernel.js';
import { sandbox } from '../support/sandbox.js';
import { PolicyHost } from './policy-host.js';
import { MAJORS, nodeBinary, preload } from './versions.js';

const box = sandbox();
const here = (name: string): string =>
  fileURLToPath(new URL(`shared-objects/${name}`, import.meta.url));
const restricted = new PolicyHost({ restrictFile: true });

const PROGRAMS = ['swap-in-subscriber.cjs', 'swap-in-exports.cjs', 'swap-in-flags.cjs'];

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
  for (const program of PROGRAMS) {
    needs('execveCheck')(`${program}: evil.node is not mapped`, async () => {
      const { stdout } = await restricted.run({
        file: nodeBinary(major),
        args: ['--require', preload, box.path(program)],
      });
      expect(stdout).not.toContain('EVIL');
    });
  }
});
