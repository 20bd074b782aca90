import { rmSync } from 'node:fs';

import { afterAll, describe, expect, test } from 'vitest';

import { preload } from '../support/built.js';
import { Fixture } from './fixture.js';
import { policies, refusedBy, type Policy } from './kernel-cases.js';
import { PolicyHost, startOf, type Outcome } from './policy-host.js';
import { everyNode, MAJORS, rowsOn, type Major } from './versions.js';
import type { WayIn } from './ways-in.js';

const hosts = new Map(Object.entries(policies).map(([name, bits]) => [name, new PolicyHost(bits)]));
const fixture = new Fixture();

/** Many files are removed: on a busy machine that takes long. */
const REMOVAL_MS = 600_000;
afterAll(() => {
  for (const host of hosts.values()) host.close();
  rmSync(fixture.root, { recursive: true });
}, REMOVAL_MS);

async function run(
  way: WayIn,
  major: Major,
  policy: Policy,
  first: string | undefined,
  cwd: string,
): Promise<Outcome> {
  const host = hosts.get(policy);
  if (host === undefined) throw new Error(policy);
  const env = first === undefined ? {} : { NODE_OPTIONS: `--require ${first}` };
  return host.run(startOf(way, major, cwd, env));
}

const ran = ({ stdout }: Outcome): boolean => stdout.includes('RAN');

function expectRan(outcome: Outcome): void {
  expect(ran(outcome), JSON.stringify(outcome, null, 1)).toBe(true);
}

function expectRefused(outcome: Outcome): void {
  expect(ran(outcome), JSON.stringify(outcome, null, 1)).toBe(false);
}

/** What an approved file may do depends on the loader, not on the version as much. */
const APPROVED_MAJORS: readonly Major[] = [22, 26];

function tryWay(
  way: WayIn,
  major: Major,
  tried: readonly Policy[],
  approvedToo: boolean,
  first: string,
): void {
  const cwd = fixture.folder(`${major} ${way.name}`, way, 0o644);
  test.concurrent('runs without mayexec', async () => {
    expectRan(await run(way, major, 'both', undefined, cwd));
  });
  for (const policy of tried) {
    const refused = refusedBy[way.kind].includes(policy);
    test.concurrent(`${refused ? 'is refused' : 'runs'}: ${policy}`, async () => {
      const outcome = await run(way, major, policy, first, cwd);
      if (refused) expectRefused(outcome);
      else expectRan(outcome);
    });
  }
  if (!approvedToo || way.kind !== 'file' || (everyNode && !APPROVED_MAJORS.includes(major)))
    return;
  const approved = fixture.folder(`${major} ${way.name}, approved`, way, 0o755);
  test.concurrent(
    `${way.refusedAnyway === true ? 'is refused' : 'runs'}: both, approved`,
    async () => {
      const outcome = await run(way, major, 'both', first, approved);
      if (way.refusedAnyway === true) expectRefused(outcome);
      else expectRan(outcome);
    },
  );
}

/**
 * Each way on each Node: it runs as code in plain Node, and under a policy as its
 * kind says; with `approvedToo`, a file that may run does run. `first` is the file that
 * makes Node ask.
 */
export function tryWays(
  ways: readonly WayIn[],
  tried: readonly Policy[],
  approvedToo: boolean,
  first = preload,
): void {
  describe.for(MAJORS)('Node %i', (major) => {
    describe.for(rowsOn(major, ways, MAJORS))('$name', (way) => {
      tryWay(way, major, tried, approvedToo, first);
    });
  });
}
