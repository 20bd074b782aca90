/**
 * `mayexec scan`, whole, as a user runs it on a terminal, beside bench/scan.c on
 * the same tree, in turns, warm: `npx tsx bench/scan.ts DIR [ROUNDS [NODE]]`. The
 * ratios are of runs that followed each other, their median; the processors' time
 * says less of other work on the machine. `node -e 0` is what no command on Node
 * can go below.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [directory = 'node_modules', rounds = '15', node = process.execPath] = process.argv.slice(2);
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'mayexec-bench-'));

function compiled(name: string): string {
  const program = join(folder, name);
  execFileSync('cc', ['-O2', '-o', program, here(`${name}.c`)]);
  return program;
}

const timed = compiled('timed');
const env = { ...process.env };
// Node 20 reads it at every start, which has nothing to do with this.
delete env['NODE_EXTRA_CA_CERTS'];

function run(command: string[]): { wall: number; cpu: number } {
  const [wall = NaN, cpu = NaN] = execFileSync(timed, command, { encoding: 'utf8', env })
    .split(' ')
    .map(Number);
  return { wall, cpu };
}

const commands = {
  'C program': [compiled('scan'), '-q', directory],
  'mayexec scan': [node, here('../dist/cli.cjs'), 'scan', directory],
  'node -e 0': [node, '-e', '0'],
};

const results = Object.entries(commands).map(([name, command]) => ({
  name,
  command,
  runs: [] as { wall: number; cpu: number }[],
}));
for (let round = 0; round < Number(rounds); round++) {
  for (const { command, runs } of results) runs.push(run(command));
}
rmSync(folder, { recursive: true });

const median = (values: number[]): number =>
  values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
const base = results[0]?.runs ?? [];
for (const { name, runs } of results) {
  const walls = runs.map(({ wall }) => wall);
  const ratios = walls.map((wall, i) => wall / (base[i]?.wall ?? NaN));
  const best = Math.min(...walls) / Math.min(...base.map(({ wall }) => wall));
  const cpu = median(runs.map((one) => one.cpu));
  console.log(
    `${name.padEnd(14)} ${median([...walls]).toFixed(1)} ms, best ${Math.min(...walls).toFixed(1)} ms, processors ${cpu.toFixed(1)} ms; of the C program ${median(ratios).toFixed(2)}, best of best ${best.toFixed(2)}`,
  );
}
