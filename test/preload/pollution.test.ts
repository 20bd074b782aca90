import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, describe, expect, test } from 'vitest';

import { preload } from '../support/built.js';
import { programsIn } from '../support/programs.js';
import { Fixture } from './fixture.js';
import { PolicyHost } from './policy-host.js';
import { everyNode, MAJORS, nodeBinary } from './versions.js';
import type { WayIn } from './ways-in.js';

/*
 * A program may replace every method of the language, of node:fs and of the
 * loaders, and put properties on Object.prototype under each name that the
 * preload reads, before it loads what may not run: ways/pollution/program.cjs
 * tells such lies one at a time.
 */

const host = new PolicyHost({ restrictFile: true, denyInteractive: true });
const fixture = new Fixture();
const program = programsIn(new URL('./ways/pollution/', import.meta.url))('program.cjs');

afterAll(() => {
  host.close();
  rmSync(fixture.root, { recursive: true });
});

/** The preload is the same for each Node, so each takes its share, if not all are asked for. */
const SHARES = everyNode ? 1 : MAJORS.length;
/** In plain Node a sample shows that the attempts work. */
const SAMPLE = 30;
/** Node itself cannot go on after some lies, in plain Node as well. */
const MOST_ENDS = 40;

interface Told {
  steps: number;
  /** What got through, and by which lie. */
  ran: string[];
}

const kinds = ['require', 'import'] as const;

describe.for(MAJORS)('a polluted program on Node %i', (major) => {
  /** Goes on with the next step wherever one ended Node. */
  async function attack(kind: string, shares: number, env: Record<string, string>): Promise<Told> {
    const files = { 'program.cjs': program };
    const way: WayIn = { name: '', kind: 'file', args: [], files };
    const cwd = fixture.folder(`pollution ${String(major)} ${kind}`, way, 0o644);
    const share = MAJORS.indexOf(major) % shares;
    const ran: string[] = [];
    let from = 0;
    let longAt: number | undefined;
    for (let ends = 0; ends < MOST_ENDS;) {
      const { stdout, stderr, signal } = await host.run({
        file: nodeBinary(major),
        args: ['program.cjs', kind, String(from), String(share), String(shares)],
        cwd,
        env: { PRELOAD: preload, ...env },
      });
      ran.push(...stdout.split('\n').filter((line) => line.startsWith('RAN ')));
      const end = /^END (\d+)$/m.exec(stdout);
      if (end !== null) return { steps: Number(end[1]), ran };
      const at = readFileSync(join(cwd, 'progress')).readUInt32LE(0);
      expect(at, stderr).toBeGreaterThanOrEqual(from);
      // The host ends a long run. One that is ended twice at the same step goes on for ever.
      const isLong = signal === 'SIGTERM';
      expect(isLong && at === longAt, `step ${String(at)} never ends`).toBe(false);
      if (isLong) longAt = at;
      else ends++;
      from = isLong ? at : at + 1;
    }
    throw new Error(
      `Node ended ${String(MOST_ENDS)} times, the last time before step ${String(from)}`,
    );
  }

  test.concurrent.for(kinds)('loads what was dropped, without mayexec, by %s', async (kind) => {
    const { ran } = await attack(kind, SAMPLE, {});
    expect(ran.length).toBeGreaterThan(20);
  });

  test.concurrent.for(kinds)(
    'loads nothing that may not run, by %s',
    { timeout: 600_000 },
    async (kind) => {
      const { steps, ran } = await attack(kind, SHARES, { NODE_OPTIONS: `--require=${preload}` });
      expect(ran).toEqual([]);
      expect(steps * SHARES).toBeGreaterThan(25_000);
    },
  );
});
