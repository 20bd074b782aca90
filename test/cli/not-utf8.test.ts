/** Names that are not UTF-8. Node gives U+FFFD for such bytes, which would name another file. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { nodeBinary } from '../preload/versions.js';
import { command, launcher, preload } from '../support/built.js';
import { temporary, tree, type Result } from './run.js';

/** Runs a shell's line, in which $b is a name that is not UTF-8, and $d a directory. */
function shell(line: string, cwd: string, d = temporary()): Result {
  const script = `b=$(printf 'caf\\351'); mayexec() { "$NODE" "$MAIN" "$@"; }; ${line}`;
  const { status, stdout, stderr } = spawnSync('sh', ['-c', script], {
    cwd,
    encoding: 'latin1',
    env: {
      ...process.env,
      NODE: process.execPath,
      MAIN: command,
      RUN: launcher,
      P: preload,
      d,
      N: nodeBinary(24),
    },
    timeout: 120_000,
  });
  return { status, stdout, stderr };
}

const application = (): string =>
  tree({
    'package.json': '{"name":"x"}',
    'package-lock.json': '{"lockfileVersion":3,"packages":{"":{}}}',
    'm.js': '',
  });

const LOST = /^mayexec: a word is not UTF-8, and Node does not know its bytes\. /;

describe('a word that is not UTF-8', () => {
  it.each([
    'check $b.js',
    'explain $b.js',
    'scan $b',
    'seal $b',
    'seal --undo $b',
    'manifest $b --out $d/m',
    'manifest . --out $d/$b',
    'image . --out $d/$b',
    'explain --from-audit $b',
    'run -- true $b',
    'run --audit --audit-log ./$b -- true',
  ])('names no other file: %s', (words) => {
    const root = application();
    // The names that Node would take for them.
    tree({ 'caf\ufffd.js': '', 'caf\ufffd': '' }, root);
    const { status, stdout, stderr } = shell(`mayexec ${words}`, root);
    expect(stderr).toMatch(LOST);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });

  it('with U+FFFD itself is UTF-8', () => {
    const root = tree({ 'caf\ufffd.js': ['', 0o755] });
    expect(shell('mayexec check caf*', root)).toMatchObject({ status: 0, stderr: '' });
  });

  it.each<[line: string, told: RegExp, status: number]>([
    [
      '--audit --audit-log ./$b -- "$N" -e 0',
      /^mayexec: the audit log cannot be written: '\S+\/caf\xe9' is not UTF-8, .* fd:3 3>>FILE\n$/,
      2,
    ],
    ['--image ./$b -- "$N" -e 0', /^mayexec: '\S+\/caf\xe9' is not UTF-8, .*Rename it\n$/, 126],
    ['--bytecode ./$b -- "$N" -e 0', /^mayexec: '\S+\/caf\xe9' is not UTF-8, .*Rename it\n$/, 126],
  ])('is a file that the launcher does not hand to Node: %s', (words, told, status) => {
    const root = application();
    const outcome = shell(`"$RUN" ${words}`, root);
    expect(outcome.stderr).toMatch(told);
    expect(outcome).toMatchObject({ status, stdout: '' });
    expect(shell('ls', root).stdout).not.toContain('caf');
  });

  it.each(['"$RUN" --', '"$RUN" --audit --', ''])(
    'is in MAYEXEC_AUDIT_LOG a file that nobody writes to, nor another: %s',
    (start) => {
      const root = application();
      const line = `MAYEXEC_AUDIT_LOG=./$b.log NODE_OPTIONS="--require $P" ${start} "$N" -p 7`;
      expect(shell(line, root).stderr).toMatch(/^mayexec: .* is not UTF-8, .*fd:3 3>>FILE$/m);
      expect(shell('ls', root).stdout).not.toContain('caf');
    },
  );

  it('is a file that the launcher writes to by its fd', () => {
    const words = '--audit --audit-log fd:3 -- "$N" -e 0 3>>$b';
    const { status, stdout } = shell(`"$RUN" ${words}; echo $?; cat $b`, application());
    expect(status).toBe(0);
    expect(stdout).toMatch(/^0\n\{.*"origin":"eval"/);
  });

  it('is U+FFFD in a record of the launcher, which is JSON', () => {
    const root = application();
    const d = temporary();
    shell('NODE_OPTIONS=--$b "$RUN" --audit --audit-log $d/log -- "$N" m.js', root, d);
    const log = readFileSync(join(d, 'log'));
    expect(new TextDecoder('utf-8', { fatal: true }).decode(log)).toContain('caf\ufffd');
  });
});

describe('in a directory whose name is not UTF-8', () => {
  it.each<[line: string, status: number]>([
    ['mayexec scan .', 1],
    ['mayexec check m.js', 1],
    ['mayexec explain m.js', 1],
    ['mayexec manifest . --out $d/m && mayexec verify . --manifest $d/m', 0],
    ['mayexec seal . && mayexec check m.js && mayexec seal --undo .', 0],
    ['mayexec seal . --lockfile && mayexec check m.js && mayexec seal --undo .', 0],
    ['mayexec seal . --journal ./j && mayexec seal --undo . --journal ./j', 0],
  ])('works: %s', (line, expected) => {
    const { status, stderr } = shell(
      `mkdir $d/$b && cp * $d/$b && cd $d/$b && ${line}`,
      application(),
    );
    expect(stderr).toBe('');
    expect(status).toBe(expected);
  });

  it('image makes none, because Node starts no program there', () => {
    const line = 'mkdir $d/$b && cd $d/$b && mayexec image . --out $d/image';
    const { status, stderr } = shell(`${line}; s=$?; ls $d; exit $s`, application());
    expect(stderr).toMatch(/: the path is not UTF-8, and Node starts no program there\n$/);
    expect(status).toBe(2);
  });
});
