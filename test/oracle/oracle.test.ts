import { rmSync } from 'node:fs';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { Fixture } from '../preload/fixture.js';
import { nodeBinary, type Major } from '../preload/versions.js';
import { BOTH } from './helpers.js';
import { Watcher, type Seen } from './watcher.js';
import { shares, watchWay, watchedWays, type WatchedWay } from './ways.js';

/*
 * V8 itself reports each script that it compiles. None may come from a file that the kernel
 * refuses, and each must have a known source. This test needs no list of ways.
 */

const MAJORS: readonly Major[] = [22, 24, 26];
const NOTHING = 0;

const fixture = new Fixture();
const watchers = new Map<Major, Watcher>();
/** A watcher looks at one program at a time; there is one for each Node. */
const turns = new Map<Major, Promise<unknown>>();

beforeAll(() => {
  for (const major of MAJORS) watchers.set(major, new Watcher(nodeBinary(major)));
});

afterAll(() => {
  for (const watcher of watchers.values()) watcher.remove();
  rmSync(fixture.root, { recursive: true });
});

function watch(major: Major, way: WatchedWay, bits: number): Promise<Seen> {
  const watcher = watchers.get(major);
  if (watcher === undefined) throw new Error(`no Node ${major}`);
  const before = turns.get(major) ?? Promise.resolve();
  const seen = before.then(() => watchWay(way, watcher, fixture, bits));
  turns.set(
    major,
    seen.catch(() => undefined),
  );
  return seen;
}

function named(name: string): WatchedWay {
  const way = watchedWays.find((one) => one.way.name === name);
  if (way === undefined) throw new Error(`no way is called ${name}`);
  return way;
}

const said = ({ findings }: Seen): string[] =>
  findings.map(({ origin, paths, record }) => `${origin}: ${record.url ?? ''} ${paths.join(' ')}`);

describe('with nothing enforced the oracle sees', () => {
  const cases = MAJORS.flatMap((major) =>
    [
      ['entry point, .cjs', 'refused: file:///'],
      ['import of TypeScript', 'refused: file:///'],
      ['stdin, a pipe', 'nobody: [stdin]'],
      ['data: import', 'nobody: data:'],
    ].map(([name = '', what = '']) => ({ major, name, what })),
  );
  test.concurrent.for(cases)('$name on Node $major', async ({ major, name, what }) => {
    const seen = await watch(major, named(name), NOTHING);
    expect(said(seen)).toContainEqual(expect.stringContaining(what));
  });

  test.concurrent.for(MAJORS)(
    'processes and Workers without a preload on Node %i',
    async (major) => {
      const seen = await watch(major, named('spawn without environment'), NOTHING);
      expect(seen.unwatched).toBeGreaterThan(0);
      expect(said(seen)).toContainEqual(expect.stringContaining('dropped.cjs'));
    },
  );
});

describe('under both bits no way compiles what is not approved', () => {
  test.concurrent.for(shares(MAJORS))('$way.name, on Node $major', async ({ major, ...way }) => {
    expect(said(await watch(major, way, BOTH))).toEqual([]);
  });
});
