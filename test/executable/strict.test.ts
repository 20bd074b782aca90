import { rmSync } from 'node:fs';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { BUILT, Executables, type Built } from './executables.js';
import { Fixture } from '../preload/fixture.js';
import { PolicyHost, type Outcome } from '../preload/policy-host.js';
import { doorways, ordinary, type Doorway } from '../preload/strict-ways.js';

const host = new PolicyHost({ restrictFile: true, denyInteractive: true });
const fixture = new Fixture();
const executables = new Executables();

beforeAll(async () => {
  for (const major of BUILT) await executables.build(major, ['--strict']);
});

afterAll(() => {
  host.close();
  rmSync(fixture.root, { recursive: true });
  executables.remove();
});

async function run(major: Built, { program, args }: Doorway): Promise<Outcome> {
  const cwd = fixture.folder('strict', { name: '', kind: 'file', args, files: program }, 0o644);
  return host.run({ file: executables.path(major), args, cwd });
}

/** That each doorway is one, and runs without strict, is what strict.test.ts shows. */
describe.for(BUILT)('an executable of Node %i, built with --strict', (major) => {
  const isThere = ({ since = 22 }: Doorway): boolean => since <= major;
  test.concurrent.for(doorways.filter(isThere))('$name is refused', async (doorway) => {
    const outcome = await run(major, doorway);
    expect(outcome.stdout, JSON.stringify(outcome)).not.toContain('RAN');
  });
  test.concurrent.for(ordinary.filter(isThere))('$name goes on', async (doorway) => {
    const outcome = await run(major, doorway);
    expect(outcome.stdout, JSON.stringify(outcome)).toContain('RAN');
  });
});
