/** The ways of the other tests, watched. */
import { dirname } from 'node:path';

import type { Fixture } from '../preload/fixture.js';
import { attempts } from '../preload/attempts.js';
import { strictWays } from '../preload/strict-ways.js';
import { nodesOf, type Major } from '../preload/versions.js';
import { routes, waysIn, type WayIn } from '../preload/ways-in.js';
import { run } from './watch.js';
import type { Seen, Watcher } from './watcher.js';

export interface WatchedWay {
  readonly way: WayIn;
  /** Strings are refused as well. */
  readonly strict: boolean;
}

export const watchedWays: readonly WatchedWay[] = [
  ...[...waysIn, ...routes, ...attempts].map((way) => ({ way, strict: false })),
  ...strictWays.map(({ name, program, args, since }) => ({
    way: { name, kind: 'file' as const, args, files: program, ...(since && { since }) },
    strict: true,
  })),
];

/** On one Node each, in turn: between them every way and every Node is met. */
export function shares(majors: readonly Major[]): (WatchedWay & { major: Major })[] {
  return watchedWays.flatMap((one, at) =>
    nodesOf(one.way, at, majors).map((major) => ({ ...one, major })),
  );
}

/** Long enough for a busy machine; a few ways wait for ever when they are refused. */
const TIMEOUT = 10_000;

/** What a way compiles under securebits that nothing explains. */
export async function watchWay(
  { way, strict }: WatchedWay,
  watcher: Watcher,
  fixture: Fixture,
  bits: number,
): Promise<Seen> {
  const cwd = fixture.folder(way.name, way, 0o644);
  await run({
    words: [watcher.node, ...way.args],
    bits,
    cwd,
    timeout: TIMEOUT,
    env: {
      PATH: `${dirname(watcher.node)}:${process.env['PATH'] ?? ''}`,
      HOME: '/nonexistent',
      ...way.env,
      ...watcher.environment(strict),
    },
    input: way.input,
    stdinFile: way.stdinFile,
    endsAt: way.endsAt,
  });
  return watcher.take(watcher.files([cwd]), strict);
}
