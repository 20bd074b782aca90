/** Programs that debug themselves in ways that are known to be harmless. */
import { rmSync } from 'node:fs';

import { afterAll, expect, test } from 'vitest';

import { preload } from '../support/built.js';
import { Fixture } from './fixture.js';
import { policies } from './kernel-cases.js';
import { PolicyHost } from './policy-host.js';
import { MAJORS, nodeBinary } from './versions.js';
import { program, type WayIn } from './ways-in.js';

const host = new PolicyHost(policies.both);
const fixture = new Fixture();

afterAll(() => {
  host.close();
  rmSync(fixture.root, { recursive: true });
});

test.for(MAJORS)('profilers and heap tools run under both bits: Node %i', async (major) => {
  const way: WayIn = {
    name: 'profiler',
    kind: 'file',
    args: ['profiler.cjs'],
    files: { 'profiler.cjs': program('honest/profiler.cjs') },
  };
  const { stdout, stderr } = await host.run({
    file: nodeBinary(major),
    args: ['--no-warnings', 'profiler.cjs'],
    cwd: fixture.folder(`profiler ${major}`, way, 0o644),
    env: { NODE_OPTIONS: `--require ${preload}` },
  });
  expect(stdout + stderr).toBe('here runs true\n');
});
