import { rmSync } from 'node:fs';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { BUILT, Executables, type Built } from './executables.js';
import { Fixture } from '../preload/fixture.js';
import { PolicyHost, type Outcome } from '../preload/policy-host.js';
import { ordinary, strictWays, type StrictWay } from '../preload/strict-ways.js';

const host = new PolicyHost({ restrictFile: true, denyInteractive: true });
const fixture = new Fixture();
const executables = new Executables();

/** Long enough for a busy machine. */
const BUILD_MS = 300_000;
beforeAll(async () => {
  for (const major of BUILT) await executables.build(major, ['--strict']);
}, BUILD_MS);

afterAll(() => {
  host.close();
  rmSync(fixture.root, { recursive: true });
  executables.remove();
});

async function run(major: Built, { program, args }: StrictWay): Promise<Outcome> {
  const cwd = fixture.folder('strict', { name: '', kind: 'file', args, files: program }, 0o644);
  return host.run({ file: executables.path(major), args, cwd });
}

/** That each way is one, and runs without strict, is what strict.test.ts shows. */
describe.for(BUILT)('an executable of Node %i, built with --strict', (major) => {
  const isThere = ({ since = 22 }: StrictWay): boolean => since <= major;
  test.concurrent.for(strictWays.filter(isThere))('$name is refused', async (way) => {
    const outcome = await run(major, way);
    expect(outcome.stdout, JSON.stringify(outcome)).not.toContain('RAN');
  });
  test.concurrent.for(ordinary.filter(isThere))('$name goes on', async (way) => {
    const outcome = await run(major, way);
    expect(outcome.stdout, JSON.stringify(outcome)).toContain('RAN');
  });
});
