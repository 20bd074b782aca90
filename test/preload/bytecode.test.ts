import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, describe, expect, test } from 'vitest';

import { preload } from '../support/built.js';
import { MAJORS, nodeBinary, type Major } from './versions.js';

/*
 * The preload is compiled with the bytecode that the build left beside it, so that a start is
 * short. All other tests run it like this. Here it has to start without, too.
 */

const box = mkdtempSync(join(tmpdir(), 'mayexec-bytecode-'));
afterAll(() => {
  rmSync(box, { recursive: true });
});

const dist = dirname(preload);
const program = (name: string): string =>
  fileURLToPath(new URL(`bytecode/${name}`, import.meta.url));

/** A copy of the package, for a change. */
function copied(name: string): string {
  const folder = join(box, name);
  mkdirSync(join(folder, 'build/Release'), { recursive: true });
  cpSync(join(dist, 'bytecode'), join(folder, 'dist/bytecode'), { recursive: true });
  copyFileSync(preload, join(folder, 'dist/register.cjs'));
  const addon = 'build/Release/mayexec.node';
  copyFileSync(join(dist, '..', addon), join(folder, addon));
  return join(folder, 'dist/register.cjs');
}

interface Outcome {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** Says whether the bytecode was taken, and then what the program says. */
function run(
  major: Major,
  register: string,
  options: string[],
  script = 'empty.cjs',
  env = {},
): Outcome {
  const words = ['--require', program('is-taken.cjs'), '--require', register, ...options];
  return spawnSync(nodeBinary(major), [...words, program(script)], {
    encoding: 'utf8',
    env: { REGISTER: register, ...env },
  });
}

const v8Of = (major: Major): string =>
  spawnSync(nodeBinary(major), ['-p', 'process.versions.v8'], { encoding: 'utf8' }).stdout.trim();

test('the build makes bytecode for each Node', () => {
  expect(readdirSync(join(dist, 'bytecode')).length).toBe(MAJORS.length);
});

describe.for(MAJORS)('the bytecode of the preload on Node %i', (major) => {
  test.for<[string, string[]]>([
    ['its usual options', []],
    ['those of --strict', ['--disallow-code-generation-from-strings']],
  ])('is taken with %s', ([, options]) => {
    const outcome = run(major, preload, options);
    expect(outcome).toMatchObject({ status: 0, stdout: 'taken\n', stderr: '' });
  });

  test('is taken with the option of --strict in NODE_OPTIONS', () => {
    const env = { NODE_OPTIONS: '--disallow-code-generation-from-strings' };
    const outcome = run(major, preload, [], 'empty.cjs', env);
    expect(outcome).toMatchObject({ status: 0, stdout: 'taken\n', stderr: '' });
  });

  test('is not taken with options that change what V8 compiles, and Node works', () => {
    const outcome = run(major, preload, ['--stack-size=900']);
    expect(outcome).toMatchObject({ status: 0, stdout: 'not taken\n', stderr: '' });
  });

  test.for<[string, (file: string) => void]>([
    [
      'missing',
      (file) => {
        rmSync(file);
      },
    ],
    [
      'empty',
      (file) => {
        writeFileSync(file, '');
      },
    ],
    [
      'three bytes long',
      (file) => {
        writeFileSync(file, 'abc');
      },
    ],
    [
      'half of itself',
      (file) => {
        const whole = readFileSync(file);
        writeFileSync(file, whole.subarray(0, whole.length / 2));
      },
    ],
    [
      'text',
      (file) => {
        writeFileSync(file, 'text\n'.repeat(1000));
      },
    ],
    [
      "another Node's",
      (file) => {
        const others = readdirSync(dirname(file)).map((name) => join(dirname(file), name));
        copyFileSync(others.find((other) => other !== file) as string, file);
      },
    ],
    [
      'of another build',
      (file) => {
        const bytes = readFileSync(file);
        bytes.writeUInt8(bytes.at(-1) === 0 ? 1 : 0, bytes.length - 1);
        writeFileSync(file, bytes);
      },
    ],
    [
      'a directory',
      (file) => {
        rmSync(file);
        mkdirSync(file);
      },
    ],
  ])('may be %s: the preload works', ([name, change]) => {
    const register = copied(`${name} ${major}`);
    change(join(dirname(register), 'bytecode', `${v8Of(major)}-${process.arch}`));
    expect(run(major, register, [])).toMatchObject({
      status: 0,
      stdout: 'not taken\n',
      stderr: '',
    });
  });

  test('leaves the places in stacks as they are in the file', () => {
    const register = copied(`stack ${major}`);
    const { stdout } = run(major, register, [], 'stack.cjs');
    expect(stdout).toContain('taken\n');
    const [, file, line, column] = /\(mayexec:(register\.cjs):(\d+):(\d+)\)/.exec(stdout) ?? [];
    expect(file, stdout).toBe('register.cjs');
    const text = readFileSync(register, 'utf8').split('\n')[Number(line) - 1] ?? '';
    expect(text.slice(Number(column) - 1)).toMatch(/^load\b/);
  });
});
