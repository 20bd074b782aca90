import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, describe, expect, test } from 'vitest';

import { Fixture } from './fixture.js';
import { PolicyHost, type Outcome } from './policy-host.js';
import { nodeBinary, preload } from './versions.js';

/*
 * A program may replace every method of the language, of node:fs and of the
 * loaders, and put properties on Object.prototype under each name that the
 * preload reads, before it loads what may not run: attacks/pollute.cjs does so,
 * one at a time, with several answers each.
 */

const host = new PolicyHost({ restrictFile: true, denyInteractive: true });
const fixture = new Fixture();
const text = readFileSync(new URL('./attacks/pollute.cjs', import.meta.url), 'utf8');

afterAll(() => {
  host.close();
  rmSync(fixture.root, { recursive: true });
});

/** The preload is the same for each Node, so each takes its share of the steps. */
const SHARES = 3;
/** In plain Node a sample shows that the attempts work. */
const SAMPLE = 30;
/** Node itself cannot go on after some answers, in plain Node as well. */
const MOST_ENDS = 40;

const kinds = ['require', 'import'] as const;

describe.for([
  [22, 0],
  [24, 1],
  [26, 2],
] as const)('a polluted program on Node %i', ([major, share]) => {
  /** Every line that the program said, whichever step ended it. */
  async function attack(kind: string, preloaded: boolean): Promise<string[]> {
    const files = { 'program.cjs': text };
    const cwd = fixture.folder(
      `pollution ${major} ${kind}`,
      { name: '', kind: 'file', args: [], files },
      0o644,
    );
    const stride = preloaded ? SHARES : SAMPLE;
    const lines: string[] = [];
    let outcome: Outcome | undefined;
    for (let from = share, ends = 0; ends < MOST_ENDS; ends++) {
      outcome = await host.run({
        file: nodeBinary(major),
        args: ['program.cjs', kind, String(from), String(stride)],
        cwd,
        env: { PRELOAD: preload, ...(preloaded ? { NODE_OPTIONS: `--require=${preload}` } : {}) },
      });
      lines.push(...outcome.stdout.split('\n').filter((line) => line !== ''));
      if (lines.at(-1)?.startsWith('END ') === true) return lines;
      from = readFileSync(join(cwd, 'progress')).readUInt32LE(0) + stride;
    }
    throw new Error(`it never came to its end: ${JSON.stringify(outcome)}`);
  }
  const ran = (lines: string[]): string[] => lines.filter((line) => line.startsWith('RAN'));

  test.concurrent.for(kinds)('loads what was dropped, without mayexec, by %s', async (kind) => {
    expect(ran(await attack(kind, false)).length).toBeGreaterThan(20);
  });

  test.concurrent.for(kinds)('loads nothing that may not run, by %s', async (kind) => {
    expect(ran(await attack(kind, true))).toEqual([]);
  });
});
