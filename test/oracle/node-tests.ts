/*
 * Node's own tests, each a program that is run in one of four ways. FOLDER holds
 * the source (from Debian's source package, downloaded when it is not there), a
 * sealed copy of it, and the results, a line of JSON a test.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { testsOf, versionOf, type NodeTest } from '../node-suite/node-test.js';
import { BOTH } from './helpers.js';
import type { Classified } from './classify.js';
import { run, type Ended } from './watch.js';
import { WatchedCopy } from './watched-copy.js';
import { Watcher } from './watcher.js';

/** Plain Node; the preload with nothing enforced; both bits, watched; the same with --strict. */
export const WAYS = ['plain', 'preload', 'both', 'strict'] as const;
export type Way = (typeof WAYS)[number];

/** Those that need no compiler, no network and no terminal, and end within a minute. */
const SUITES = [
  'module-hooks',
  'es-module',
  'async-hooks',
  'report',
  'sqlite',
  'wasi',
  'test-runner',
  'sequential',
  'parallel',
];
const TIMEOUT = 30_000;

export interface Finding {
  readonly origin: string;
  readonly url: string;
  readonly paths: readonly string[];
  readonly text: string;
  readonly by: string;
  readonly stack: string;
  readonly start: string;
}

export interface Result {
  readonly test: string;
  readonly passed: boolean;
  readonly status: number | string | null;
  readonly scripts: number;
  readonly isolates: number;
  readonly unwatched: number;
  readonly findings: readonly Finding[];
  /** The end of what it printed, where it failed. */
  readonly output: string;
}

export interface Tests {
  readonly folder: string;
  readonly node: string;
  readonly way: Way;
  readonly only: RegExp;
  /** One test of so many. */
  readonly every: number;
}

function finding(
  { record, origin, paths }: Classified,
  starts: ReadonlyMap<string, string>,
): Finding {
  return {
    origin,
    url: record.url ?? '',
    paths: paths.slice(0, 3),
    text: (record.text ?? record.wasm ?? '').slice(0, 300),
    by: record.by ?? '',
    stack: record.stack ?? '',
    start: starts.get(record.isolate) ?? '',
  };
}

/** Runs the tests that have no result yet. */
export async function runNodeTests(tests: Tests, tell: (line: string) => void): Promise<Result[]> {
  const { folder, node, way } = tests;
  const source = join(folder, 'sealed');
  const temporary = join(folder, `tmp-${way}-${process.pid}`);
  const results = join(folder, `results-${versionOf(node)}-${way}.jsonl`);
  mkdirSync(temporary, { recursive: true });
  const done: Result[] = existsSync(results)
    ? readFileSync(results, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Result)
    : [];
  const known = new Set(done.map(({ test }) => test));
  const wanted = testsOf(source, SUITES, tests.only, tests.every);

  const strict = way === 'strict';
  const watcher = way === 'both' || strict ? new Watcher(node) : undefined;
  const copy = way === 'preload' ? new WatchedCopy(false) : undefined;
  const files = watcher?.files([join(source, 'test/fixtures')]);
  const loads = watcher?.environment(strict) ?? copy?.environment([]) ?? {};
  try {
    for (const test of wanted) {
      if (known.has(test.name)) continue;
      const ended = await runOne(test);
      const seen = files && watcher?.take(files, strict);
      const findings = seen?.findings.map((script) => finding(script, seen.starts)) ?? [];
      const passed = ended.status === 0;
      const result: Result = {
        test: test.name,
        passed,
        status: ended.timedOut ? 'timeout' : (ended.signal ?? ended.status),
        scripts: seen?.scripts ?? 0,
        isolates: seen?.isolates ?? 0,
        unwatched: seen?.unwatched ?? 0,
        findings,
        output: passed ? '' : ended.output.slice(-1500),
      };
      done.push(result);
      appendFileSync(results, `${JSON.stringify(result)}\n`);
      if (findings.length > 0) tell(`${test.name}: ${findings.length} findings`);
    }
  } finally {
    watcher?.remove();
    copy?.remove();
    rmSync(temporary, { recursive: true, force: true });
  }
  const names = new Set(wanted.map(({ name }) => name));
  return done.filter(({ test }) => names.has(test));

  async function runOne(test: NodeTest): Promise<Ended> {
    const own = watcher?.node ?? node;
    return run({
      words: [own, ...test.options, test.path],
      bits: watcher === undefined ? 0 : BOTH,
      cwd: source,
      timeout: TIMEOUT,
      env: {
        PATH: `${dirname(own)}:${process.env['PATH'] ?? ''}`,
        HOME: temporary,
        NODE_TEST_DIR: temporary,
        TEST_THREAD_ID: basename(temporary).replace(/\D/g, ''),
        ...loads,
        ...test.env,
      },
    });
  }
}
