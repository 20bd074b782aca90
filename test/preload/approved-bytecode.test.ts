import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, test } from 'vitest';

import { command, preload } from '../support/built.js';
import { addon } from '../../src/addon.js';
import { HEADER, placeOf, RECORD } from '../../src/image/format.js';
import { sha256 } from '../../src/image/read.js';
import { applicationIn, directoryOf, make, rewrite, said } from './image-fixture.js';
import { PolicyHost, type Outcome } from './policy-host.js';
import { EDGES, nodeBinary } from './versions.js';

const host = new PolicyHost({ restrictFile: true, denyInteractive: true });
const box = realpathSync(mkdtempSync(join(tmpdir(), 'mayexec-bytecode-')));

afterAll(() => {
  host.close();
  rmSync(box, { recursive: true });
});

const DEP = 'node_modules/dep/index.js';

/** An application whose files are approved one by one. */
function sealed(name: string): string {
  const app = applicationIn(box, name);
  spawnSync('chmod', ['-R', 'a+x', app]);
  return app;
}

function change(file: string, from: string, to: string): void {
  const text = readFileSync(file, 'utf8');
  expect(text).toContain(from);
  writeFileSync(file, text.replace(from, to));
}

/**
 * Makes a file that has the bytecode of another text for the text of a module, as only its owner
 * can. Whether a program runs that bytecode shows whether it was used.
 */
function makeOther(
  node: string,
  app: string,
  { file = DEP, from = `'dep'`, to = `'bad'`, options = ['--no-sources'] } = {},
): string {
  const path = join(app, file);
  change(path, from, to);
  const its = make(node, app, ...options);
  change(path, to, from);
  chmodSync(its, 0o755);
  rewrite(its, (_, { records, paths }) => {
    const i = addon().imageFind(records, paths, file);
    records.write(sha256(readFileSync(path)), i * RECORD + 64, 'hex');
  });
  return its;
}

/** Changes each module's bytecode, and the hash of it. */
function changeBytecode(its: string, change: (code: Buffer) => void): void {
  const of = directoryOf(its);
  rewrite(its, (bytes, { records }) => {
    for (let i = 0; i < of.count; i++) {
      const { offset, bytecodeLength } = placeOf(of, i);
      const code = bytes.subarray(offset, offset + bytecodeLength);
      change(code);
      records.write(sha256(code), i * RECORD + 32, 'hex');
    }
  });
}

describe.for(EDGES)('approved bytecode on Node %i', (major) => {
  const node = nodeBinary(major);
  const app = sealed(`app ${major}`);
  const copy = (name: string, its: string): string => {
    const path = join(box, `${name} ${major}.bytecode`);
    copyFileSync(its, path);
    chmodSync(path, 0o755);
    return path;
  };
  const good = copy('good', make(node, app, '--no-sources'));
  /** It has the code of another text for dep. */
  const bad = copy('bad', makeOther(node, app));

  const run = (
    its: string,
    program: string,
    env: Record<string, string> = {},
    options: string[] = [],
    more: string[] = [],
  ): Promise<Outcome> =>
    host.run({
      file: node,
      args: ['--require', preload, ...options, program, ...more],
      cwd: app,
      env: { MAYEXEC_BYTECODE: its, ...env },
    });

  const runPlain = (program: string): { stdout: string } =>
    spawnSync(node, [program], { cwd: app, env: { HOME: '/nonexistent' }, encoding: 'utf8' });

  test.concurrent('a CommonJS module runs from it', async () => {
    const outcome = await run(bad, 'worker.cjs');
    expect(outcome, said(outcome)).toMatchObject({ status: 0, stdout: 'bad\n', stderr: '' });
  });

  test.concurrent('a child with an empty environment uses it, too', async () => {
    const outcome = await run(bad, 'child.cjs', {}, [], ['worker.cjs']);
    expect(outcome, said(outcome)).toMatchObject({ status: 0, stdout: 'bad\n', stderr: '' });
  });

  test.concurrent('a code image serves as well', async () => {
    const imaged = sealed(`imaged ${major}`);
    const its = makeOther(node, imaged, { options: [] });
    const outcome = await run(its, join(imaged, 'worker.cjs'));
    expect(outcome, said(outcome)).toMatchObject({ status: 0, stdout: 'bad\n', stderr: '' });
  });

  test.concurrent('an ES module runs from it', async () => {
    const other = sealed(`module ${major}`);
    const its = makeOther(node, other, {
      file: 'part.mjs',
      from: 'of the text',
      to: 'of the code',
    });
    const outcome = await run(its, join(other, 'whole.mjs'));
    expect(outcome, said(outcome)).toMatchObject({ status: 0, stderr: '' });
    expect(outcome.stdout).toContain('of the code');
    expect(outcome.stdout).not.toContain('of the text');
  });

  test.concurrent('mayexec run --bytecode names it, whatever the environment names', async () => {
    const words = ['run', '--bytecode', `../bad ${major}.bytecode`, '--', node, 'worker.cjs'];
    const outcome = await host.run({
      file: process.execPath,
      args: [command, ...words],
      cwd: app,
      env: { MAYEXEC_BYTECODE: '/nonexistent' },
    });
    expect(outcome, said(outcome)).toMatchObject({ status: 0, stdout: 'bad\n', stderr: '' });
  });

  test.concurrent('mayexec seal --bytecode makes one, and no code image', async () => {
    const fresh = applicationIn(box, `sealed ${major}`);
    const its = `${fresh}.bytecode`;
    const words = ['seal', fresh, '--no-journal', '--bytecode', its];
    const made = spawnSync(node, [command, ...words], { encoding: 'utf8' });
    expect(made).toMatchObject({ status: 0, stderr: '' });
    expect(readFileSync(its).includes(readFileSync(join(fresh, DEP)))).toBe(false);
    const program = join(fresh, 'app.cjs');
    const outcome = await run(its, program);
    const { stdout } = runPlain(program);
    expect(outcome, said(outcome)).toMatchObject({ status: 0, stderr: '', stdout });
    const refused = await run('', program, { MAYEXEC_IMAGE: its });
    expect(refused, said(refused)).toMatchObject({ status: 126, stdout: '' });
    expect(refused.stderr).toContain('it holds bytecode without the sources');
  });

  test.concurrent.for<[string, string[], Record<string, string>]>([
    ['as without it', [], {}],
    ['with source maps', ['--enable-source-maps'], {}],
    ['under strict', ['--disallow-code-generation-from-strings'], { MAYEXEC_STRICT: '1' }],
    ['with a log', [], { MAYEXEC_AUDIT_LOG: join(box, `log-${major}`) }],
  ])('programs run %s', async ([, options, env]) => {
    for (const program of ['app.cjs', 'whole.mjs']) {
      const outcome = await run(good, program, env, options);
      const { stdout } = runPlain(program);
      expect(outcome, said(outcome)).toMatchObject({ status: 0, stderr: '', stdout });
    }
  });

  test.concurrent('what is on the disk wins', async () => {
    const other = sealed(`changed ${major}`);
    const its = makeOther(node, other);
    const program = join(other, 'worker.cjs');
    // Other versions of these do not matter, because each module is compared.
    appendFileSync(join(other, 'package.json'), '\n');
    appendFileSync(join(other, 'package-lock.json'), '\n');
    const before = await run(its, program);
    expect(before, said(before)).toMatchObject({ status: 0, stdout: 'bad\n', stderr: '' });
    // Of the same length, which is all that V8 would compare.
    change(join(other, DEP), `'dep'`, `'new'`);
    const after = await run(its, program);
    expect(after, said(after)).toMatchObject({ status: 0, stdout: 'new\n', stderr: '' });
    change(join(other, DEP), `'new'`, `'dep'`);
    chmodSync(join(other, DEP), 0o644);
    const refused = await run(its, program);
    expect(refused.status, said(refused)).not.toBe(0);
    expect(refused.stdout).toBe('');
    expect(refused.stderr).toContain(`execveat '${join(other, DEP)}'`);
  });

  const chmod = (mode: number) => (its: string) => {
    chmodSync(its, mode);
  };
  const write = (make: (bytes: Buffer) => Uint8Array | string) => (its: string) => {
    writeFileSync(its, make(readFileSync(its)));
  };
  test.concurrent.for<[string, (its: string) => void, RegExp]>([
    ['has no x', chmod(0o644), /no execute permission/],
    ['may be written by its group', chmod(0o575), /may write to it/],
    ['may be written by others', chmod(0o557), /may write to it/],
    [
      'belongs to another user',
      (its) => {
        chownSync(its, 65534, 65534);
      },
      /to user 65534/,
    ],
    [
      'is not there',
      (its) => {
        rmSync(its);
      },
      /ENOENT/,
    ],
    [
      'is a directory',
      (its) => {
        rmSync(its);
        mkdirSync(its);
      },
      /EISDIR|regular|directory/,
    ],
    ['is empty', write(() => ''), /too short/],
    ['is a byte short', write((bytes) => bytes.subarray(0, -1)), /header says/],
    ['is another program', write(() => '#!/bin/sh\n'.padEnd(100)), /not a code image/],
  ])('one that %s is refused', async ([what, spoil, why]) => {
    const its = copy(what, good);
    spoil(its);
    const outcome = await run(its, 'worker.cjs');
    expect(outcome, said(outcome)).toMatchObject({ status: 126, signal: null, stdout: '' });
    expect(outcome.stderr).toMatch(why);
  });

  const rename = (name: string, value: string) => (its: string) => {
    rewrite(its, (bytes) => {
      bytes.write(value, bytes.indexOf(`"${name}":"`) + `"${name}":"`.length);
    });
  };
  const otherOptions = (its: string): void => {
    changeBytecode(its, (code) => {
      // The hash of V8's options.
      code[12] = (code[12] as number) ^ 1;
    });
  };
  test.concurrent.for<[string, (its: string) => void, RegExp]>([
    ['for another Node', rename('node', 'v99'), /for Node v99.*, and this is Node v\d+/],
    ['for another V8', rename('v8', 'zz'), /for Node .*V8 zz.*, and this is Node v\d+/],
    ['for another architecture', rename('arch', 'zz'), /for Node .* zz.*, and this is Node v\d+/],
    ['for other options of V8', otherOptions, /V8 has other options/],
  ])('one %s is not used, and the log says so', async ([what, change, why]) => {
    const its = copy(what, bad);
    change(its);
    const log = `${its}.jsonl`;
    const outcome = await run(its, 'worker.cjs', { MAYEXEC_AUDIT_LOG: log });
    expect(outcome, said(outcome)).toMatchObject({ status: 0, stdout: 'dep\n', stderr: '' });
    const lines = readFileSync(log, 'utf8').trim().split('\n');
    const told = lines
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .find((record) => record['operation'] === 'bytecode' && record['why'] !== undefined);
    expect(told).toMatchObject({ denied: false, wouldDeny: false });
    expect(told?.['why']).toMatch(why);
    const warned = await run(its, 'worker.cjs', { MAYEXEC_WARN: '1' });
    expect(warned.stdout, said(warned)).toBe('dep\n');
    expect(warned.stderr).toMatch(why);
    expect(warned.stderr.trim().split('\n'), said(warned)).toHaveLength(1);
  });

  test.concurrent('one of another directory has nothing for this one', async () => {
    const outcome = await run(bad, join(sealed(`elsewhere ${major}`), 'worker.cjs'));
    expect(outcome, said(outcome)).toMatchObject({ status: 0, stdout: 'dep\n', stderr: '' });
  });

  test.concurrent('whatever byte of it is changed, no other code runs', async () => {
    const its = copy('flipped', good);
    const whole = readFileSync(its);
    const of = directoryOf(its);
    const dep = addon().imageFind(of.records, of.paths, DEP);
    const { offset, bytecodeLength } = placeOf(of, dep);
    const places = {
      magic: 0,
      format: 8,
      hash: 32,
      metadata: HEADER + 2,
      'hash of a source': HEADER + whole.readUInt32LE(12) + dep * RECORD + 64,
      'path of a module': of.modulesAt - 1,
      'header of its bytecode': offset,
      'hash of the options': offset + 12,
      'end of its bytecode': offset + bytecodeLength - 1,
    };
    for (const [what, at] of Object.entries(places)) {
      const bytes = Buffer.from(whole);
      bytes[at] = (whole[at] as number) ^ 0xff;
      writeFileSync(its, bytes);
      const outcome = await run(its, 'worker.cjs');
      expect([what, outcome.stdout, outcome.signal], said(outcome)).toEqual([what, '', null]);
      expect(outcome.stderr, what).toMatch(/the approved bytecode '/);
    }
  });

  test.concurrent('a record that points to another module is refused', async () => {
    const its = copy('pointing', good);
    rewrite(its, (_, { records, paths }) => {
      const dep = addon().imageFind(records, paths, DEP) * RECORD;
      const long = addon().imageFind(records, paths, 'long.cjs') * RECORD;
      // Its offset and lengths.
      records.copy(records, dep, long, long + 16);
    });
    const outcome = await run(its, 'worker.cjs');
    expect(outcome, said(outcome)).toMatchObject({ signal: null, stdout: '' });
    expect(outcome.stderr).toContain('was changed after it was opened, or is broken');
  });

  test.concurrent('a program that swaps its fd gets no other code', async () => {
    const outcome = await run(good, 'swaps-fd.cjs', { IMAGE: good, OTHER: bad });
    expect(outcome.stdout, said(outcome)).toMatch(/^true\nEACCES .*changed after it was opened/);
  });

  test.concurrent('a program that writes to it gets no other code', async () => {
    const its = copy('overwritten', good);
    const outcome = await run(its, 'scribbles.cjs', { IMAGE: its });
    expect(outcome.stdout, said(outcome)).toMatch(/^EACCES .*changed after it was opened/);
  });

  test.concurrent('a program that replaces functions gets no other code', async () => {
    const outcome = await run(good, 'pollutes.cjs');
    expect(outcome.stdout, said(outcome)).toBe('dep\n');
  });

  test.concurrent("Node's own cache stays refused, and the message names this one", async () => {
    const env = { NODE_COMPILE_CACHE: join(box, `cache-${major}`) };
    const outcome = await run(good, 'worker.cjs', env);
    expect(outcome, said(outcome)).toMatchObject({ status: 126, stdout: '' });
    expect(outcome.stderr).toContain('mayexec run --bytecode');
  });
});
