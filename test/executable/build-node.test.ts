import { rmSync } from 'node:fs';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { attempts } from '../preload/attempts.js';
import { executableDeadEnds, executableWays } from './executable-ways.js';
import { BUILT, Executables, type Built } from './executables.js';
import { Fixture } from '../preload/fixture.js';
import { policies, refusedBy, type Policy } from '../preload/kernel-cases.js';
import { PolicyHost, type Outcome } from '../preload/policy-host.js';
import { everyNode, rowsOn } from '../preload/versions.js';
import { betweenWays } from '../preload/ways/between.js';
import { routes, waysIn, type WayIn } from '../preload/ways-in.js';

/** Options that some of the ways need, and that only take effect for good. */
const FOR_GOOD: Record<Built, string[]> = {
  24: ['--experimental-wasm-modules', '--experimental-addon-modules'],
  26: ['--experimental-wasm-modules', '--experimental-addon-modules', '--experimental-ffi'],
};

/** The way is an option of Node that the executable does not take, whatever is restricted. */
const NOT_TAKEN = ['--inspect', '--run of a script that starts Node'];
/** What the environment names is not looked at, whatever is restricted, and even if it may run. */
const IGNORED = [
  'NODE_REPL_EXTERNAL_MODULE',
  'Worker with NODE_OPTIONS of its own',
  'fork with NODE_OPTIONS of its own',
];

const executables = new Executables();
const hosts = new Map(Object.entries(policies).map(([name, bits]) => [name, new PolicyHost(bits)]));
const fixture = new Fixture();

beforeAll(async () => {
  for (const major of BUILT) {
    await executables.build(
      major,
      FOR_GOOD[major].map((option) => `--node-option=${option}`),
    );
  }
});

/** Many files are removed: on a busy machine that takes long. */
const REMOVAL_MS = 600_000;
afterAll(() => {
  for (const host of hosts.values()) host.close();
  rmSync(fixture.root, { recursive: true });
  executables.remove();
}, REMOVAL_MS);

async function run(way: WayIn, major: Built, policy: Policy, cwd: string): Promise<Outcome> {
  const host = hosts.get(policy);
  if (host === undefined) throw new Error(policy);
  const { args, env, input, stdinFile, endsAt } = way;
  const file = executables.path(major);
  return host.run({ file, args, cwd, env: env ?? {}, input, stdinFile, endsAt });
}

const said = (outcome: Outcome): string => JSON.stringify(outcome, null, 1);
const ran = ({ stdout }: Outcome): boolean => stdout.includes('RAN');

const allPolicies = Object.keys(policies) as Policy[];
/** What an approved file may do does not depend on the version as much. */
const APPROVED_MAJOR = 26;

function tryWay(way: WayIn, major: Built, tried: readonly Policy[], alsoApproved = true): void {
  const cwd = fixture.folder(`${major} ${way.name}`, way, 0o644);
  for (const policy of tried) {
    if (NOT_TAKEN.includes(way.name)) {
      test.concurrent(`is not taken: ${policy}`, async () => {
        const outcome = await run(way, major, policy, cwd);
        expect(outcome, said(outcome)).toMatchObject({ status: 9, stdout: '' });
        expect(outcome.stderr).toMatch(/^mayexec: bad option: --[^\n]+\n$/);
      });
      continue;
    }
    const refused = IGNORED.includes(way.name) || refusedBy[way.kind].includes(policy);
    test.concurrent(`${refused ? 'is refused' : 'runs'}: ${policy}`, async () => {
      const outcome = await run(way, major, policy, cwd);
      expect(ran(outcome), said(outcome)).toBe(!refused);
    });
  }
  if (
    !alsoApproved ||
    way.kind !== 'file' ||
    (everyNode && major !== APPROVED_MAJOR) ||
    NOT_TAKEN.includes(way.name)
  )
    return;
  const approved = fixture.folder(`${major} ${way.name}, approved`, way, 0o755);
  const refusedAnyway = way.refusedAnyway === true || IGNORED.includes(way.name);
  test.concurrent(`${refusedAnyway ? 'is refused' : 'runs'}: both, approved`, async () => {
    const outcome = await run(way, major, 'both', approved);
    expect(ran(outcome), said(outcome)).toBe(!refusedAnyway);
  });
}

const there = (ways: readonly WayIn[], major: Built): WayIn[] => rowsOn(major, ways, BUILT);

describe.for(BUILT)('an executable of Node %i', (major) => {
  describe.for(there(waysIn, major))('$name', (way) => {
    tryWay(way, major, allPolicies);
  });
  describe.for(there(routes, major))('$name', (way) => {
    tryWay(way, major, ['both']);
  });
  const attempted = there(attempts, major).filter((way) => way.onlyLosesPreload !== true);
  describe.for(attempted)('$name', (way) => {
    tryWay(way, major, ['both'], false);
  });
  describe.for(there(betweenWays, major))('$name', (way) => {
    tryWay(way, major, ['nothing set', 'both'], false);
  });
  describe.for(there(executableWays, major))('$name', (way) => {
    tryWay(way, major, ['nothing set', 'both']);
  });
  test.concurrent.for(executableDeadEnds)('is not looked at: $name', async (way) => {
    const outcome = await run(way, major, 'nothing set', fixture.folder(way.name, way, 0o644));
    expect(outcome, said(outcome)).toMatchObject({ status: 0, stdout: '' });
  });
});
