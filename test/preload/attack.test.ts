import { rmSync } from 'node:fs';

import { afterAll, describe, expect, test } from 'vitest';

import { preload } from '../support/built.js';
import { attacks } from './attacks.js';
import { Fixture } from './fixture.js';
import { PolicyHost, type Outcome } from './policy-host.js';
import { nodeBinary } from './versions.js';

// Locked: what is open to a program that may clear its securebits is not to be decided here.
const host = new PolicyHost({
  restrictFile: true,
  restrictFileLocked: true,
  denyInteractive: true,
  denyInteractiveLocked: true,
});
const fixture = new Fixture();

afterAll(() => {
  host.close();
  rmSync(fixture.root, { recursive: true });
});

const times = ({ stdout, stderr }: Outcome): number =>
  `${stdout}${stderr}`.split(/^RAN/m).length - 1;

describe.for([22, 24, 26] as const)('Node %i', (major) => {
  describe.for(attacks)('$name', ({ name, text, args = [], files = {}, times: expected = 1 }) => {
    const run = (env: Record<string, string>): Promise<Outcome> =>
      host.run({
        file: nodeBinary(major),
        args: ['program.cjs', ...args],
        cwd: fixture.folder(
          `${major} ${name}`,
          {
            name,
            kind: 'file',
            args: [],
            files: { 'program.cjs': text, 'approved.cjs': '', ...files },
          },
          0o644,
        ),
        env: { PRELOAD: preload, ...env },
      });
    test.concurrent('runs without mayexec', async () => {
      const outcome = await run({});
      expect(times(outcome), JSON.stringify(outcome, null, 1)).toBeGreaterThanOrEqual(expected);
    });
    test.concurrent('is refused', async () => {
      const outcome = await run({ NODE_OPTIONS: `--require=${preload}` });
      expect(times(outcome), JSON.stringify(outcome, null, 1)).toBe(0);
    });
  });
});
