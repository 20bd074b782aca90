/**
 * What is asked of any interpreter that obeys the securebits, way in by way in,
 * as the exec-aware project asks it of lua, dash, busybox, bash, perl and python:
 * with no bits, with RESTRICT_FILE, and with DENY_INTERACTIVE as well. Here of
 * Node with the preload, of Node under mayexec-run, which sets both bits itself,
 * and of examples/inc.
 */
import { copyFileSync, chmodSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect } from 'vitest';

import { addon, launcher, preload } from '../support/built.js';
import { PolicyHost } from './policy-host.js';
import { MAJORS, nodeBinary, rowsOn } from './versions.js';
import { needs } from '../support/kernel.js';
import { sandbox } from '../support/sandbox.js';

const box = sandbox();
const inc = fileURLToPath(new URL('../../examples/inc/inc.mjs', import.meta.url));
const policies = {
  'no bits': {},
  RESTRICT_FILE: { restrictFile: true },
  'both bits': { restrictFile: true, denyInteractive: true },
} as const;
type Policy = keyof typeof policies;

const hosts = Object.fromEntries(
  Object.entries(policies).map(([name, bits]) => [name, new PolicyHost(bits)]),
) as Record<Policy, PolicyHost>;
afterAll(() => {
  for (const host of Object.values(hosts)) host.close();
});

interface Way {
  readonly title: string;
  readonly args: readonly string[];
  /** A file on standard input. */
  readonly stdinFile?: string;
  /** Text on standard input, through a pipe. */
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What is printed only if it ran; default what all programs print. */
  readonly prints?: string;
  /** With no bits, with RESTRICT_FILE, with both. */
  readonly runs: readonly [boolean, boolean, boolean];
}

const always = [true, true, true] as const;
/** A file that may not be executed. */
const code = [true, false, false] as const;
/** Code that has no file. */
const interactive = [true, true, false] as const;

const says = "console.log('ran')\n";
const file = (name: string, mode: number, text = says): string => box.file(name, mode, text);
const x = file('x.cjs', 0o755);
const plain = file('plain.cjs', 0o644);
const xModule = file('x.mjs', 0o755);
const plainModule = file('plain.mjs', 0o644);
const library = (mode: number): string => {
  const path = box.path(`addon-${mode.toString(8)}.node`);
  copyFileSync(addon, path);
  chmodSync(path, mode);
  return path;
};
const loads = (name: string, text: string): string => file(name, 0o755, text);
const requires = (target: string): string => `require(${JSON.stringify(target)})\n`;

const nodeWays: readonly Way[] = [
  { title: 'an executable script', args: [x], runs: always },
  { title: 'a script without x', args: [plain], runs: code },
  { title: 'an executable module', args: [xModule], runs: always },
  { title: 'a module without x', args: [plainModule], runs: code },
  {
    title: 'an executable script that requires one',
    args: [loads('requires-x.cjs', requires(x))],
    runs: always,
  },
  {
    title: 'an executable script that requires one without x',
    args: [loads('requires-plain.cjs', requires(plain))],
    runs: code,
  },
  {
    title: 'a script without x that requires an executable one',
    args: [file('plain-requires-x.cjs', 0o644, requires(x))],
    runs: code,
  },
  {
    title: 'an executable module that imports one without x',
    args: [loads('imports-plain.mjs', "import './plain.mjs'\n")],
    runs: code,
  },
  {
    title: 'an executable shared object',
    args: [loads('loads-x.cjs', requires(library(0o755)) + says)],
    runs: always,
  },
  {
    title: 'a shared object without x',
    args: [loads('loads-plain.cjs', requires(library(0o644)) + says)],
    runs: code,
  },
  {
    title: 'a Worker of an executable file',
    args: [loads('worker-x.cjs', `new (require('worker_threads').Worker)(${JSON.stringify(x)})\n`)],
    runs: always,
  },
  {
    title: 'a Worker of a file without x',
    args: [
      loads(
        'worker-plain.cjs',
        `new (require('worker_threads').Worker)(${JSON.stringify(plain)})\n`,
      ),
    ],
    runs: code,
  },
  { title: '--require of a script without x', args: ['--require', plain, x], runs: code },
  { title: '--import of a module without x', args: ['--import', plainModule, x], runs: code },
  { title: 'code after -e', args: ['-e', says], runs: interactive },
  { title: 'code after -p', args: ['-p', "'ran'"], runs: interactive },
  { title: 'code on standard input, a pipe', args: ['-'], input: says, runs: interactive },
  { title: 'code on standard input, no word', args: [], input: says, runs: interactive },
  { title: 'an executable script on standard input', args: ['-'], stdinFile: x, runs: always },
  {
    title: 'a script without x on standard input',
    args: ['-'],
    stdinFile: plain,
    runs: interactive,
  },
  { title: 'the REPL', args: ['-i'], input: "console.log('ran')\n", runs: interactive },
  {
    title: 'a data: URL after --import',
    args: ['--import', `data:text/javascript,${encodeURIComponent("console.log('ran')")}`, x],
    runs: interactive,
  },
  {
    title: 'a child with code after -e',
    args: [
      loads(
        'child.cjs',
        `const { spawnSync } = require('child_process');
const child = spawnSync(process.execPath, ['-e', "console.log('ran')"], { stdio: 'inherit' });
process.exitCode = child.status;\n`,
      ),
    ],
    runs: interactive,
  },
];

/** On the command line the preload comes after it: only mayexec-run puts itself before. */
const launcherWays: readonly Way[] = [
  ...nodeWays,
  {
    title: 'NODE_OPTIONS with --require of a script without x',
    args: [x],
    env: { NODE_OPTIONS: `--require=${file('early.cjs', 0o644, "console.log('early')\n")}` },
    prints: 'early',
    runs: code,
  },
];

const counts = '+\n+\n';
const incX = file('x.inc', 0o755, counts);
const incPlain = file('plain.inc', 0o644, counts);
const incWays: readonly Way[] = [
  { title: 'an executable script', args: [incX], runs: always },
  { title: 'a script without x', args: [incPlain], runs: code },
  { title: 'code after -c', args: ['-c', counts], runs: interactive },
  { title: 'code on standard input, a pipe', args: ['-i'], input: counts, runs: interactive },
  { title: 'an executable script on standard input', args: ['-i'], stdinFile: incX, runs: always },
  {
    title: 'a script without x on standard input',
    args: ['-i'],
    stdinFile: incPlain,
    runs: interactive,
  },
];

interface Interpreter {
  readonly command: readonly string[];
  readonly ways: readonly Way[];
  readonly prints: string;
  /** It sets both bits itself, whatever is set. */
  readonly both?: true;
}

function holds({ command, ways, prints, both }: Interpreter): void {
  const [program = '', ...first] = command;
  for (const { title, args, runs, stdinFile, input, env, prints: own = prints } of ways) {
    (Object.keys(policies) as Policy[]).forEach((policy, i) => {
      const may = runs[both === true ? 2 : i] === true;
      needs('execveCheck')(`${may ? 'runs' : 'refuses'} ${title} with ${policy}`, async () => {
        const { status, stdout, stderr } = await hosts[policy].run({
          file: program,
          args: [...first, ...args],
          stdinFile,
          input,
          ...(env === undefined ? {} : { env }),
        });
        if (may) {
          expect(status, stderr).toBe(0);
          expect(stdout).toContain(own);
          return;
        }
        expect(stdout, 'it did not run').not.toContain(own);
        expect(stderr, 'the program says why').toMatch(/EACCES|mayexec/);
        // What stands in NODE_OPTIONS is left out, and the script itself may run.
        if (own === prints) expect(status).not.toBe(0);
      });
    });
  }
}

for (const major of MAJORS) {
  const node = nodeBinary(major);
  describe(`Node ${major} with the preload`, () => {
    holds({
      command: [node, '--require', preload],
      ways: rowsOn(major, nodeWays, MAJORS),
      prints: 'ran',
    });
  });
  describe(`Node ${major} under mayexec-run`, () => {
    const ways = rowsOn(major, launcherWays, MAJORS);
    holds({ command: [launcher, '--', node], ways, prints: 'ran', both: true });
  });
}

describe('examples/inc', () => {
  holds({ command: [process.execPath, inc], ways: incWays, prints: '2' });
});
