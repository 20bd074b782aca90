import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect } from 'vitest';

import { needs } from './support/kernel.js';
import { runChild, sandbox } from './support/sandbox.js';

const example = (name: string): string =>
  fileURLToPath(new URL(`../examples/${name}`, import.meta.url));
const box = sandbox();
const code = '# comment\n+\n+\n';
const files = {
  executable: box.file('executable.inc', 0o755, code),
  plain: box.file('plain.inc', 0o644, code),
};

needs('prctl')('the demo shows the main job and leaves nothing behind', () => {
  const output = execFileSync(process.execPath, [example('demo/demo.mjs')], {
    encoding: 'utf8',
    env: { ...process.env, TMPDIR: box.directory('demo') },
  });
  expect(output).toContain('What this machine can do');
  expect(execFileSync('ls', ['-A', box.path('demo')], { encoding: 'utf8' })).toBe('');
});

// inc, its arguments, its input; what it prints by securebits: none, file, interactive, both.
const cases = [
  ['an executable script', [files.executable], undefined, [true, true, true, true]],
  ['a script without x', [files.plain], undefined, [true, false, true, false]],
  ['an executable script on standard input', ['-i'], files.executable, [true, true, true, true]],
  ['a script without x on standard input', ['-i'], files.plain, [true, true, false, false]],
  ['code on the command line', ['-c', code], undefined, [true, true, false, false]],
] as const;

describe('examples/inc', () => {
  for (const [title, args, input, runs] of cases) {
    runs.forEach((expected, i) => {
      const bits = { restrictFile: (i & 1) !== 0, denyInteractive: (i & 2) !== 0 };
      const names = Object.entries(bits).flatMap(([name, on]) => (on ? [name] : []));
      needs('execveCheck')(
        `${expected ? 'runs' : 'refuses'} ${title} under ${names.join(' and ') || 'no securebit'}`,
        () => {
          const result = runChild<{ status: number; stdout: string; stderr: string }>(
            `mayexec.setSecurebits(input.bits);
             const { spawnSync } = await import('node:child_process');
             const stdin = input.input === undefined ? 'ignore' : fs.openSync(input.input, 'r');
             const { status, stdout, stderr } = spawnSync(process.execPath, input.argv, {
               encoding: 'utf8',
               stdio: [stdin, 'pipe', 'pipe'],
             });
             return { status, stdout, stderr };`,
            { input: { bits, input, argv: [example('inc/inc.mjs'), ...args] } },
          );
          expect(result.stderr).toMatch(expected ? /^$/ : /^inc: EACCES: permission denied/);
          expect(result).toMatchObject(
            expected ? { status: 0, stdout: '1\n2\n' } : { status: 1, stdout: '' },
          );
        },
      );
    });
  }

  needs('prctl')('refuses what is not its language', () => {
    const { status, stderr } = spawnSync(process.execPath, [example('inc/inc.mjs'), '-c', '*'], {
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 1, stderr: "inc: unknown command '*'\n" });
  });
});

/*
 * `main` includes `part`. The first folder of the search has it with the given mode,
 * or as a directory, or not at all; the second has one with x.
 */
const searches = [
  ['an executable part', 0o755, [true, true, true, true], 'part of the first folder'],
  ['a part without x', 0o644, [true, false, true, false], 'part of the first folder'],
  ['a directory of that name', 'directory', [true, true, true, true], 'part of the second folder'],
  ['no such part', 'missing', [true, true, true, true], 'part of the second folder'],
] as const;

describe('examples/include', () => {
  searches.forEach(([title, kind, runs, printed], at) => {
    const folder = box.directory(`first-${at}`);
    const second = box.directory(`second-${at}`);
    const main = box.file(`first-${at}/main.inc`, 0o755, 'include part\n');
    box.file(`second-${at}/part.inc`, 0o755, 'part of the second folder\n');
    if (kind === 'directory') box.directory(`first-${at}/part.inc`);
    else if (kind !== 'missing') {
      box.file(`first-${at}/part.inc`, kind, 'part of the first folder\n');
    }
    runs.forEach((expected, i) => {
      const bits = { restrictFile: (i & 1) !== 0, denyInteractive: (i & 2) !== 0 };
      const names = Object.entries(bits).flatMap(([name, on]) => (on ? [name] : []));
      needs('execveCheck')(
        `${expected ? 'takes' : 'refuses'} ${title} under ${names.join(' and ') || 'no securebit'}`,
        () => {
          const result = runChild<{ status: number; stdout: string; stderr: string }>(
            `mayexec.setSecurebits(input.bits);
             const { spawnSync } = await import('node:child_process');
             const { status, stdout, stderr } = spawnSync(process.execPath, input.argv, {
               encoding: 'utf8',
               env: { ...process.env, INCLUDE_PATH: input.path },
             });
             return { status, stdout, stderr };`,
            { input: { bits, path: second, argv: [example('include/include.mjs'), main] } },
          );
          expect(result.stderr).toMatch(
            expected ? /^$/ : new RegExp(`^include: stopped: EACCES: .*'${folder}/part.inc'`),
          );
          expect(result).toMatchObject(
            expected ? { status: 0, stdout: `${printed}\n` } : { status: 1, stdout: '' },
          );
        },
      );
    });
  });
});
