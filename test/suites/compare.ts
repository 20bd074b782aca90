/** Runs a package's own tests plain and with the preload, and compares them one by one. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { plainly, type Start } from '../node-suite/start.js';
import { run } from '../oracle/watch.js';
import type { Suite } from './packages.js';

export interface Figures {
  readonly tests: number;
  readonly passPlain: number;
  /** Those that pass plain, and not with the preload. */
  readonly differing: readonly { readonly test: string; readonly output: string }[];
}

/** The names of tests, and whether each passed. */
type Results = ReadonlyMap<string, boolean>;

const TIMEOUT = 120_000;
/** Some print the time of day in front of the result. */
const RESULT = /^\s*(?:\d\d:\d\d:\d\d )?(not ok|ok|✔|✖|✘)\s+(?:\d+)?\s*(?:- )?(.*)$/;
const DURATION = /\s*(# time=.*|\(\d+(\.\d+)?m?s( \/ \d+m?s)?\))$/;

/** A file that ends badly behind its last test, or with none, is a failure too. */
const ENDS_WELL = 'ends well';

/** What was printed for each test. One that is printed twice has to pass twice. */
function resultsIn(output: string, status: number | null): Results {
  const results = new Map([[ENDS_WELL, status === 0]]);
  for (const line of output.split('\n')) {
    const [, mark, name] = RESULT.exec(line) ?? [];
    if (mark === undefined || name === undefined) continue;
    const test = name.replace(DURATION, '');
    const passed = mark === 'ok' || mark === '✔';
    results.set(test, passed && (results.get(test) ?? true));
  }
  return results;
}

async function runFile(
  suite: Suite,
  folder: string,
  file: string,
  node: string,
  { launcher, options, env }: Start,
): Promise<{ results: Results; output: string }> {
  const home = mkdtempSync(join(tmpdir(), 'mayexec-suites-'));
  try {
    const { status, output } = await run({
      words: [...launcher, node, ...options, ...suite.words(file)],
      bits: 0,
      cwd: folder,
      timeout: suite.timeout ?? TIMEOUT,
      env: {
        PATH: `${dirname(node)}:${process.env['PATH'] ?? ''}`,
        HOME: home,
        CI: '1',
        NO_COLOR: '1',
        ...suite.env,
        ...env,
      },
    });
    return { results: resultsIn(output, status), output };
  } finally {
    rmSync(home, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** The tests of a file that pass plain and not with the preload, in two tries of both. */
async function compareFile(
  suite: Suite,
  folder: string,
  file: string,
  node: string,
  preload: Start,
): Promise<Figures> {
  const passed = new Map<string, boolean>();
  let differing: string[] = [];
  let output = '';
  for (let tries = 0; tries < 2; tries++) {
    const plain = await runFile(suite, folder, file, node, plainly);
    const preloaded = await runFile(suite, folder, file, node, preload);
    output = preloaded.output.slice(-4000);
    const before = differing;
    differing = [];
    for (const [test, passes] of plain.results) {
      passed.set(test, passes && (passed.get(test) ?? true));
      const differs = passes && preloaded.results.get(test) !== true;
      if (differs && (tries === 0 || before.includes(test))) differing.push(test);
    }
    if (differing.length === 0) break;
  }
  return {
    tests: passed.size,
    passPlain: [...passed.values()].filter(Boolean).length,
    differing: differing
      .filter((test) => passed.get(test))
      .map((test) => ({ test: `${file}: ${test}`, output })),
  };
}

export function filesOf(suite: Suite, folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => suite.files.test(name))
    .sort();
}

/** Compares the files of a suite whose names match. */
export async function compareSuite(
  suite: Suite,
  folder: string,
  only: RegExp,
  node: string,
  preload: Start,
): Promise<Figures> {
  const all: Figures[] = [];
  for (const file of filesOf(suite, folder).filter((name) => only.test(name))) {
    all.push(await compareFile(suite, folder, file, node, preload));
  }
  return {
    tests: all.reduce((sum, { tests }) => sum + tests, 0),
    passPlain: all.reduce((sum, { passPlain }) => sum + passPlain, 0),
    differing: all.flatMap(({ differing }) => differing),
  };
}
