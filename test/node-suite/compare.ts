/** Runs each of Node's tests plain and with the preload, and keeps what differs. */
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { run } from '../oracle/watch.js';
import { differences } from './differences.js';
import type { NodeTest } from './node-test.js';
import { copyPackage, plainly, startBy, type Start, type Way } from './start.js';

export interface Compared {
  readonly name: string;
  readonly plain: boolean;
  readonly preload: boolean;
  /** The end of its output under the preload, when only that run failed. */
  readonly output: string;
}

const TIMEOUT = 60_000;
/** What a test is compared by: whether it passes. Nothing of one is left for the next. */
async function passes(
  test: NodeTest,
  node: string,
  source: string,
  { launcher, options, env }: Start,
): Promise<{ passed: boolean; output: string }> {
  const home = mkdtempSync(join(tmpdir(), 'mayexec-node-test-'));
  try {
    const { status, output } = await run({
      words: [...launcher, node, ...options, ...test.options, test.path],
      bits: 0,
      cwd: source,
      timeout: TIMEOUT,
      env: {
        PATH: `${dirname(node)}:${process.env['PATH'] ?? ''}`,
        HOME: home,
        NODE_TEST_DIR: home,
        ...env,
        ...test.env,
      },
    });
    return { passed: status === 0, output };
  } finally {
    rmSync(home, { recursive: true, force: true, maxRetries: 3 });
  }
}

/**
 * Runs a test plain, and if it passes, with the preload. One that fails has a second try, for
 * some of Node's tests fail now and then on a busy machine.
 */
async function compareOne(
  test: NodeTest,
  node: string,
  source: string,
  preload: Start,
): Promise<Compared> {
  const { name } = test;
  if (!(await passes(test, node, source, plainly)).passed) {
    return { name, plain: false, preload: false, output: '' };
  }
  for (let tries = 1; ; tries++) {
    const { passed, output } = await passes(test, node, source, preload);
    if (passed) return { name, plain: true, preload: true, output: '' };
    if (tries < 2) continue;
    if (!(await passes(test, node, source, plainly)).passed) {
      return { name, plain: false, preload: false, output: '' };
    }
    return { name, plain: true, preload: false, output: output.slice(-2000) };
  }
}

/**
 * Compares tests that have no result in the file yet, two at a time; what is found is appended
 * to the file, so that an ended run can go on.
 */
export async function compareAll(
  tests: readonly NodeTest[],
  node: string,
  source: string,
  way: Way,
  results: string,
  again: boolean,
  tell: (compared: Compared) => void,
): Promise<Compared[]> {
  mkdirSync(dirname(results), { recursive: true });
  const known = new Map<string, Compared>();
  if (existsSync(results) && !again) {
    for (const line of readFileSync(results, 'utf8').split('\n').filter(Boolean)) {
      const compared = JSON.parse(line) as Compared;
      known.set(compared.name, compared);
    }
  }
  const folder = mkdtempSync(join(tmpdir(), 'mayexec-node-suite-'));
  const preload = startBy(way, copyPackage(folder));
  const waiting = tests.filter(({ name }) => !known.has(name));
  const work = async (): Promise<void> => {
    for (let test = waiting.shift(); test !== undefined; test = waiting.shift()) {
      const compared = await compareOne(test, node, source, preload);
      known.set(compared.name, compared);
      appendFileSync(results, `${JSON.stringify(compared)}\n`);
      if (compared.plain && !compared.preload) tell(compared);
    }
  };
  try {
    await Promise.all([work(), work()]);
  } finally {
    rmSync(folder, { recursive: true });
  }
  return tests.flatMap(({ name }) => known.get(name) ?? []);
}

/** The figures, and the names of the tests that differ, with the reason where it is known. */
export function report(
  compared: readonly Compared[],
  way: Way,
  major: number,
): { text: string; unknown: number } {
  const plain = compared.filter((one) => one.plain);
  const differing = plain.filter(({ preload }) => !preload);
  const lines = differing.map(({ name }) => {
    const known = differences.find(
      ({ tests, ways, majors }) =>
        tests.includes(name) && ways.includes(way) && majors.includes(major),
    );
    return { known, text: `  ${name}: ${known?.reason ?? 'NOT EXPLAINED'}` };
  });
  const unknown = lines.filter(({ known }) => known === undefined).length;
  const head = `${compared.length} tests: ${plain.length} pass plain, ${plain.length - differing.length} of them with the preload (${way}); ${differing.length} differ, ${unknown} of them for no known reason`;
  return { text: [head, ...lines.map(({ text }) => text)].join('\n'), unknown };
}
