/** `npm run fleet`: the queries of docs/fleet.md over the logs of many hosts. See README.md. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { Answers, type Row } from './answers.js';
import { ROOT, TODAY, writeFleet } from './logs.js';

const DUCKDB = '@duckdb/node-api@1.5.6-r.1';
const QUESTIONS = [
  'refused',
  'ready',
  'unapproved',
  'changed',
  'candidates',
  'manifest',
  'prometheus',
] as const;

const { values } = parseArgs({
  options: {
    hosts: { type: 'string', default: '500' },
    lines: { type: 'string', default: '250' },
    duckdb: { type: 'string' },
    keep: { type: 'boolean', default: false },
  },
});
const tell = (text: string): void => void process.stdout.write(`${text}\n`);
const beside = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const sql = (name: string): string => beside(`../../docs/recipes/fleet/${name}.sql`);

/** The path of DuckDB's module, installed beneath a folder of its own. */
function duckdbIn(folder: string): string {
  if (values.duckdb === undefined) {
    const words = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--prefix', folder];
    execFileSync('npm', [...words, DUCKDB], { stdio: ['ignore', 'ignore', 'inherit'] });
  }
  return createRequire(join(values.duckdb ?? folder, 'x')).resolve('@duckdb/node-api');
}

/** What differs, as lines of a diff. Rows have an order only where they are lines of a file. */
function differences(actual: readonly Row[], expected: readonly Row[]): string[] {
  const texts = (rows: readonly Row[]): string[] => rows.map((row) => JSON.stringify(row));
  const rest = new Map<string, number>();
  for (const row of texts(expected)) rest.set(row, (rest.get(row) ?? 0) + 1);
  const found: string[] = [];
  for (const row of texts(actual)) {
    const left = rest.get(row) ?? 0;
    if (left === 0) found.push(`+ ${row}`);
    else rest.set(row, left - 1);
  }
  for (const [row, left] of rest) if (left > 0) found.push(`- ${row}`);
  return found;
}

interface Result {
  readonly rows: Row[];
  readonly seconds: number;
  readonly peak: number;
}

function main(folder: string): void {
  const api = duckdbIn(folder);
  writeFleet(folder, Number(values.hosts), Number(values.lines));
  const answers = new Answers(folder, { root: ROOT, today: TODAY, days: 7, hosts: 2 });
  tell(`${values.hosts} hosts, ${answers.lines.toLocaleString('en')} lines`);
  tell('query           rows  seconds  peak MiB');
  const ask = (name: string): Result => {
    const files = [sql('settings'), sql(name)];
    const output = execFileSync(
      process.execPath,
      [beside('query.mjs'), api, join(folder, 'fleet.db'), TODAY, ...files],
      { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 30 },
    );
    return JSON.parse(output) as Result;
  };
  const report = (name: string, { rows, seconds, peak }: Result): void => {
    const columns = [
      name.padEnd(12),
      String(rows.length).padStart(7),
      seconds.toFixed(2).padStart(8),
    ];
    tell(`${columns.join(' ')} ${peak.toFixed(0).padStart(9)}`);
  };
  report('load', { ...ask('load'), rows: [] });
  for (const name of QUESTIONS) {
    const result = ask(name);
    report(name, result);
    const found = differences(result.rows, answers[name]());
    if (found.length === 0) continue;
    process.exitCode = 1;
    tell(`  ${found.length} rows differ from JavaScript's (+ DuckDB's, - JavaScript's):`);
    for (const line of found.slice(0, 10)) tell(`  ${line}`);
  }
}

const folder = mkdtempSync(join(tmpdir(), 'mayexec-fleet-'));
try {
  main(folder);
} finally {
  if (values.keep) tell(folder);
  else rmSync(folder, { recursive: true });
}
