/**
 * `mayexec scan` beside bench/scan.c on one tree, in turns, warm:
 * `npx tsx bench/scan.ts DIR [ROUNDS]`. The walk is measured within one process
 * too, since starting Node takes as long as many a scan.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { openRoot, scanTree } from '../src/cli/tree.js';

const [directory = 'node_modules', rounds = '15'] = process.argv.slice(2);
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const folder = mkdtempSync(join(tmpdir(), 'mayexec-bench-'));
const oracle = join(folder, 'scan');
execFileSync('cc', ['-O2', '-o', oracle, here('scan.c')]);

function timed(command: string, args: string[]): number {
  const start = performance.now();
  const { error } = spawnSync(command, args, { stdio: 'ignore' });
  if (error !== undefined) throw error;
  return performance.now() - start;
}

async function walk(): Promise<number> {
  const root = openRoot(directory);
  const start = performance.now();
  await scanTree(root, directory, false);
  const time = performance.now() - start;
  closeSync(root);
  return time;
}

const columns = {
  'C program': () => timed(oracle, [directory]),
  'mayexec scan': () => timed(process.execPath, [here('../dist/cli.cjs'), 'scan', directory]),
  'scanTree in one process': walk,
  'node -e 0': () => timed(process.execPath, ['-e', '0']),
};

const times = new Map<string, number[]>(Object.keys(columns).map((name) => [name, []]));
for (let round = 0; round < Number(rounds); round++) {
  for (const [name, run] of Object.entries(columns)) times.get(name)?.push(await run());
}
const median = (values: number[]): number =>
  values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
const base = median(times.get('C program') ?? []);
for (const [name, values] of times) {
  const time = median(values);
  console.log(
    `${name.padEnd(24)} median ${time.toFixed(0)} ms, best ${(values[0] ?? NaN).toFixed(0)} ms, ${(time / base).toFixed(2)} of the C program`,
  );
}
rmSync(folder, { recursive: true });
