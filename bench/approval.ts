/**
 * What approval by content takes: `manifest`, `verify`, `seal` by a manifest and by a lockfile for
 * trees of many files, and the commands that read logs for many lines. Each command runs on a
 * terminal of its own, in turns: `npx tsx bench/approval.ts [--files 8500,200000]
 * [--lines 1000000,10000000] [--rounds 3]`. It prints the least time and the greatest peak. The tree
 * and the logs are made from numbers, so each run has the same. 200,000 files and ten million lines
 * need 6 GB in the folder for temporary files.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { release, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { writeFleet } from '../test/fleet/logs.js';

const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '8500' },
    lines: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '3' },
  },
});
const numbers = (text: string): number[] => text.split(',').filter(Boolean).map(Number);
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'mayexec-bench-'));
const timed = join(folder, 'timed');

/** Of a package: as many as fastify, express and next have on average. */
const FILES_OF_A_PACKAGE = 50;
/** Of a file, half of it text that compresses badly. */
const SIZE = 6000;
/** What test/fleet/logs.ts writes with 500 hosts is about this many lines for one a host and day. */
const HOSTS_AND_DAYS = 3925;

function textOf(seed: string): string {
  const half = createHash('sha512')
    .update(seed)
    .digest('hex')
    .repeat(SIZE / 256);
  return `module.exports = ${JSON.stringify({ seed, half })};\n// ${'a comment '.repeat(SIZE / 20)}\n`;
}

/** An application of so many files in packages, npm's lockfile of it, and npm's cache. */
function makeTree(root: string, cache: string, count: number): void {
  const packages: Record<string, unknown> = { '': { name: 'app', version: '1.0.0' } };
  for (let p = 0; p * FILES_OF_A_PACKAGE < count; p += 1) {
    const at = join(root, 'node_modules', `dep-${p}`);
    const own = Math.min(FILES_OF_A_PACKAGE, count - p * FILES_OF_A_PACKAGE);
    const text = JSON.stringify({ name: `dep-${p}`, version: '1.0.0' });
    mkdirSync(join(at, 'lib'), { recursive: true });
    writeFileSync(join(at, 'package.json'), text);
    for (let f = 0; f < own; f += 1) writeFileSync(join(at, 'lib', `${f}.js`), textOf(`${p} ${f}`));
    const packed = join(cache, 'packed.tgz');
    const renamed = '--transform=s/^[.]/package/';
    execFileSync('tar', ['-C', at, renamed, '-czf', packed, '.']);
    const bytes = readFileSync(packed);
    const sum = createHash('sha512').update(bytes);
    const hex = sum.copy().digest('hex');
    const content = `_cacache/content-v2/sha512/${hex.slice(0, 2)}/${hex.slice(2, 4)}/${hex.slice(4)}`;
    mkdirSync(dirname(join(cache, content)), { recursive: true });
    writeFileSync(join(cache, content), bytes);
    packages[`node_modules/dep-${p}`] = {
      version: '1.0.0',
      integrity: `sha512-${sum.digest('base64')}`,
    };
  }
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ lockfileVersion: 3, packages }));
}

interface Measured {
  wall: number;
  cpu: number;
  peak: number;
}

function run(words: readonly string[]): Measured {
  const command = [process.execPath, here('../dist/cli.cjs'), ...words];
  const [wall = NaN, cpu = NaN, peak = NaN] = execFileSync(timed, command, { encoding: 'utf8' })
    .split(' ')
    .map(Number);
  return { wall, cpu, peak };
}

/** Runs each command in each round, and prints a line for each. */
function measure(of: string, commands: Record<string, readonly string[]>): void {
  const all = new Map<string, Measured[]>();
  for (let round = 0; round < Number(values.rounds); round += 1) {
    for (const [name, words] of Object.entries(commands)) {
      all.set(name, [...(all.get(name) ?? []), run(words)]);
    }
  }
  for (const [name, runs] of all) {
    const least = (key: 'wall' | 'cpu'): string =>
      (Math.min(...runs.map((one) => one[key])) / 1000).toFixed(2);
    const peak = Math.max(...runs.map((one) => one.peak)) / 1024;
    console.log(`| ${of} | ${name} | ${least('wall')} | ${least('cpu')} | ${peak.toFixed(0)} |`);
  }
}

try {
  execFileSync('cc', ['-O2', '-o', timed, here('timed.c')]);
  console.log(`Linux ${release()}, Node ${process.version}, ${values.rounds} rounds`);
  console.log('| of | command | seconds | of the processors | peak, MiB |');
  for (const count of numbers(values.files)) {
    const [root, cache] = [join(folder, 'tree'), join(folder, 'cache')];
    for (const made of [root, cache]) mkdirSync(made);
    makeTree(root, cache, count);
    const manifest = join(folder, 'app.mayexec.json');
    measure(`${count.toLocaleString('en')} files`, {
      manifest: ['manifest', root, '--out', manifest],
      verify: ['verify', root, '--manifest', manifest],
      'seal --manifest': ['seal', root, '--manifest', manifest, '--dry-run'],
      'seal --lockfile': ['seal', root, '--lockfile', '--cache', cache, '--dry-run'],
    });
    for (const made of [root, cache]) rmSync(made, { recursive: true });
  }
  for (const count of numbers(values.lines)) {
    const fleet = join(folder, 'fleet');
    writeFleet(fleet, 500, Math.round(count / HOSTS_AND_DAYS));
    const logs = readdirSync(join(fleet, 'logs'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name));
    const bom = join(folder, 'app.cdx.json');
    const components = '{"bomFormat":"CycloneDX","specVersion":"1.5","components":[]}';
    writeFileSync(bom, components);
    const dry = ['--audit-root', '/srv/app', '--dry-run'];
    measure(`${count.toLocaleString('en')} lines`, {
      explain: ['explain', '--top', '5', '--from-audit', ...logs],
      'seal --from-audit': ['seal', fleet, ...dry, '--from-audit', ...logs],
      sbom: ['sbom', bom, '--out', join(folder, 'out.json'), '--from-audit', ...logs],
      report: ['report', '--html', join(folder, 'out.html'), '--from-audit', ...logs],
    });
    rmSync(fleet, { recursive: true });
  }
} finally {
  rmSync(folder, { recursive: true });
}
