import { rmSync } from 'node:fs';

import { afterAll, describe, expect, test } from 'vitest';

import { launcher } from '../launch/launcher.js';
import { Fixture } from './fixture.js';
import { PolicyHost, type Outcome } from './policy-host.js';
import { doorways, ordinary } from './strict-ways.js';
import { MAJORS, nodeBinary, preload, type Major } from './versions.js';

const host = new PolicyHost({ restrictFile: true, denyInteractive: true });
const fixture = new Fixture();

afterAll(() => {
  host.close();
  rmSync(fixture.root, { recursive: true });
});

type How = 'without mayexec' | 'register' | 'strict' | 'gate open';

async function run(
  major: Major,
  how: How,
  program: Record<string, string>,
  args: string[],
  gate?: string,
): Promise<Outcome> {
  const file = nodeBinary(major);
  const cwd = fixture.folder('strict', { name: '', kind: 'file', args, files: program }, 0o644);
  if (how === 'without mayexec') return host.run({ file, args, cwd });
  if (how === 'register') {
    return host.run({ file, args, cwd, env: { NODE_OPTIONS: `--require=${preload}` } });
  }
  const gates = how === 'gate open' && gate !== undefined ? ['--allow', gate] : [];
  return host.run({ file: launcher, args: ['--strict', ...gates, '--', file, ...args], cwd });
}

const said = (outcome: Outcome): string => JSON.stringify(outcome, null, 1);

describe.for(MAJORS)('strict on Node %i', (major) => {
  const isThere = ({ since = 22 }: { name: string; since?: Major }): boolean => since <= major;
  const there = doorways.filter(isThere);
  describe.for(there)('$name', ({ program, args, gate }) => {
    test.concurrent('runs without strict', async () => {
      const outcome = await run(major, 'register', program, args);
      expect(outcome.stdout, said(outcome)).toContain('RAN');
    });
    test.concurrent('is refused by strict', async () => {
      const outcome = await run(major, 'strict', program, args);
      expect(outcome.stdout, said(outcome)).not.toContain('RAN');
    });
    // Not every way has a gate to be let open.
    if (gate === undefined) return;
    test.concurrent('runs with the gate open', async () => {
      const outcome = await run(major, 'gate open', program, args, gate);
      expect(outcome.stdout, said(outcome)).toContain('RAN');
    });
  });
  test.concurrent.for(ordinary.filter(isThere))('$name goes on', async ({ program, args }) => {
    const outcome = await run(major, 'strict', program, args);
    expect(outcome.stdout, said(outcome)).toContain('RAN');
  });
});
