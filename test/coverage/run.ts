/** `npm run coverage`: which lines of src/ and native/ the tests run. See README.md. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { long } from '../../vitest.config.js';
import { Lines } from './lines.js';
import { environmentOfBuild, ofNative, openCounts } from './native.js';
import { ofPrograms } from './programs.js';
import { ofSources } from './statements.js';

const project = fileURLToPath(new URL('../..', import.meta.url));
const tell = (text: string): void => void process.stdout.write(`${text}\n`);

/** Copies the checkout, since every test loads its own build/Release and dist/. */
function copyCheckout(to: string): void {
  const list = execFileSync(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard'],
    {
      cwd: project,
      encoding: 'utf8',
    },
  );
  for (const file of list
    .split('\0')
    .filter((name) => name !== '' && existsSync(join(project, name)))) {
    mkdirSync(join(to, dirname(file)), { recursive: true });
    cpSync(join(project, file), join(to, file), { verbatimSymlinks: true });
  }
  symlinkSync(join(project, 'node_modules'), join(to, 'node_modules'));
}

/** Programs of other users write there, too. */
function openToAll(folder: string): void {
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o1777);
}

function build(copy: string): void {
  const env = environmentOfBuild(copy);
  const run = (...words: [string, ...string[]]): void => {
    execFileSync(words[0], words.slice(1), {
      cwd: copy,
      env,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  };
  run('npm', 'run', '--silent', 'build:native');
  run(process.execPath, 'bundle.mjs', '--measured');
  run('npx', 'tsc', '-p', 'tsconfig.build.json');
  openCounts(copy);
}

/** A long one, and the only one that builds executables. */
const EXECUTABLE = 'test/executable/executable.test.ts';

/** All files of tests but the long ones that run what others run as well. */
const usual = (): string[] =>
  readdirSync(join(project, 'test'), { recursive: true, encoding: 'utf8' })
    .map((name) => `test/${name}`)
    .filter((name) => name.endsWith('.test.ts') && (name === EXECUTABLE || !long.includes(name)))
    .sort();

/** What programs write in one part fits into memory, and little is lost when one is stopped. */
const FILES_OF_A_PART = 6;

function inParts(tests: readonly string[]): string[][] {
  const parts: string[][] = [];
  for (let at = 0; at < tests.length; at += FILES_OF_A_PART)
    parts.push(tests.slice(at, at + FILES_OF_A_PART));
  return parts;
}

/** Runs the tests, and adds what they ran to the lines. */
async function measure(copy: string, tests: readonly string[], lines: Lines): Promise<void> {
  const raw = join(copy, 'coverage/programs');
  const own = join(copy, 'coverage/tests');
  openToAll(raw);
  const { status } = spawnSync(
    process.execPath,
    [
      join(copy, 'node_modules/vitest/vitest.mjs'),
      ...['run', '--coverage.enabled', '--coverage.provider=v8'],
      ...[
        '--coverage.reporter=lcovonly',
        '--coverage.reportOnFailure',
        `--coverage.reportsDirectory=${own}`,
      ],
      // Programs that count are slower.
      ...['--testTimeout=600000', '--hookTimeout=600000'],
      ...tests,
    ],
    { cwd: copy, env: { ...process.env, MAYEXEC_TEST_COVERAGE: raw }, stdio: 'inherit' },
  );
  if (status !== 0) tell(`${tests.join(' ')}: not all tests pass while they are measured`);
  for (const report of [join(own, 'lcov.info'), await ofPrograms(raw, copy)]) {
    if (existsSync(report)) lines.addLcov(readFileSync(report, 'utf8'), copy);
  }
  rmSync(join(copy, 'coverage'), { recursive: true });
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { kept: { type: 'string' }, missed: { type: 'boolean', default: false } },
});
const copy = values.kept ?? mkdtempSync(join(tmpdir(), 'mayexec-coverage-'));
mkdirSync(copy, { recursive: true });
chmodSync(copy, 0o755);
const kept = join(copy, 'lines.json');
if (!existsSync(join(copy, 'dist'))) {
  copyCheckout(copy);
  build(copy);
}
const lines = Lines.read(kept);
const counted = join(copy, 'tests.json');
const before = existsSync(counted) ? (JSON.parse(readFileSync(counted, 'utf8')) as string[]) : [];
const tests = positionals.length > 0 ? positionals : usual().filter((t) => !before.includes(t));
for (const part of inParts(tests)) {
  tell(part.join(' '));
  await measure(copy, part, lines);
  lines.write(kept);
  before.push(...part);
  writeFileSync(counted, JSON.stringify(before));
}
ofNative(copy, lines);
ofSources(copy, lines);
tell(lines.report(values.missed));
if (values.kept === undefined) rmSync(copy, { recursive: true });
