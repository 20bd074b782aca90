import {
  chmodSync,
  chownSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  closeSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

import { afterAll, describe, expect, test } from 'vitest';

import { command, preload } from '../support/built.js';
import { addon, IMAGE_BYTECODE } from '../../src/addon.js';
import { HEADER, placeOf, RECORD } from '../../src/image/format.js';
import { readDirectory, sha256 } from '../../src/image/read.js';
import { applicationIn, directoryOf, make, rewrite, said } from './image-fixture.js';
import { PolicyHost, type Outcome } from './policy-host.js';
import { EDGES, nodeBinary } from './versions.js';

const host = new PolicyHost({ restrictFile: true, denyInteractive: true });
const box = realpathSync(mkdtempSync(join(tmpdir(), 'mayexec-image-')));

afterAll(() => {
  host.close();
  rmSync(box, { recursive: true });
});

const application = (name: string): string => applicationIn(box, name);

const check = (app: string, image: string): { status: number | null; stdout: string } =>
  spawnSync(process.execPath, [command, 'image', 'check', '--image', image, app], {
    encoding: 'utf8',
  });

describe.for(EDGES)('a code image on Node %i', (major) => {
  const node = nodeBinary(major);
  const app = application(`app-${major}`);
  const image = make(node, app);

  const run = (
    program: string,
    env: Record<string, string> = { MAYEXEC_IMAGE: image },
    options: string[] = [],
    more: string[] = [],
  ): Promise<Outcome> =>
    host.run({
      file: node,
      args: ['--require', preload, ...options, program, ...more],
      cwd: app,
      env,
    });

  const runPlain = (program = 'app.cjs'): { stdout: string; stderr: string } =>
    spawnSync(node, [program], { cwd: app, env: { HOME: '/nonexistent' }, encoding: 'utf8' });

  test.concurrent('an application that is not executable runs from one that is', async () => {
    const refused = await run('app.cjs', {});
    expect(refused, said(refused)).toMatchObject({ status: 126, stdout: '' });
    const outcome = await run('app.cjs');
    const plain = runPlain();
    expect(plain.stderr).toBe('');
    expect(outcome, said(outcome)).toMatchObject({ status: 0, stderr: '' });
    expect(JSON.parse(outcome.stdout)).toEqual(JSON.parse(plain.stdout));
  });

  test.concurrent.for<[string, string[]]>([
    ['with source maps', ['--enable-source-maps']],
    ['with other flags of V8', ['--stack-size=900']],
    ['with links left as they are', ['--preserve-symlinks']],
  ])('it runs the same %s', async ([, options]) => {
    const outcome = await run('app.cjs', { MAYEXEC_IMAGE: image }, options);
    const plain = runPlain();
    expect(JSON.parse(outcome.stdout), said(outcome)).toEqual(JSON.parse(plain.stdout));
  });

  test.concurrent.for<[string, string[]]>([
    ['', []],
    [' with source maps', ['--enable-source-maps']],
    [' with other flags of V8', ['--stack-size=900']],
  ])('an ES module has all that Node gives it%s', async ([, options]) => {
    const outcome = await run('whole.mjs', { MAYEXEC_IMAGE: image }, options);
    expect(outcome, said(outcome)).toMatchObject({ status: 0, stderr: '' });
    expect(JSON.parse(outcome.stdout)).toEqual(JSON.parse(runPlain('whole.mjs').stdout));
  });

  test.concurrent('an ES module runs from its bytecode', async () => {
    const other = application(`module ${major}`);
    const its = make(node, other);
    const part = join(other, 'part.mjs');
    const text = readFileSync(part, 'utf8');
    writeFileSync(part, text.replace('of the text', 'of the code'));
    const changed = readFileSync(make(node, other));
    writeFileSync(part, text);
    make(node, other);
    const of = directoryOf(its);
    const i = addon().imageFind(of.records, of.paths, 'part.mjs');
    const { offset, bytecodeLength } = placeOf(of, i);
    const code = changed.subarray(offset, offset + bytecodeLength);
    chmodSync(its, 0o755);
    rewrite(its, (bytes, { records }) => {
      code.copy(bytes, offset);
      records.write(sha256(code), i * RECORD + 32, 'hex');
    });
    const outcome = await run(join(other, 'whole.mjs'), { MAYEXEC_IMAGE: its });
    expect(outcome, said(outcome)).toMatchObject({ status: 0, stderr: '' });
    expect(outcome.stdout).toContain('of the code');
    expect(outcome.stdout).not.toContain('of the text');
  });

  test.concurrent('without bytecode it runs the same', async () => {
    const other = application(`plain-${major}`);
    const bare = make(node, other, '--no-bytecode');
    const before = readFileSync(bare);
    expect(readFileSync(make(node, other, '--no-bytecode')).equals(before)).toBe(true);
    const outcome = await run(join(other, 'app.cjs'), { MAYEXEC_IMAGE: bare });
    expect(outcome, said(outcome)).toMatchObject({ status: 0, stderr: '' });
  });

  test.concurrent('its Workers, and a child with an empty environment, run from it', async () => {
    const worker = await run('worker.cjs');
    expect(worker.stdout, said(worker)).toBe('dep\n');
    const child = await run('child.cjs', { MAYEXEC_IMAGE: image }, [], ['worker.cjs']);
    expect(child.stdout, said(child)).toBe('dep\n');
  });

  test.concurrent('a file that is not in it is checked as ever', async () => {
    const other = application(`more-${major}`);
    const its = make(node, other);
    writeFileSync(join(other, 'late.cjs'), `console.log('late')`);
    const outcome = await run(join(other, 'late.cjs'), { MAYEXEC_IMAGE: its });
    expect(outcome, said(outcome)).toMatchObject({ status: 126, stdout: '' });
    chmodSync(join(other, 'late.cjs'), 0o755);
    const allowed = await run(join(other, 'late.cjs'), { MAYEXEC_IMAGE: its });
    expect(allowed.stdout, said(allowed)).toBe('late\n');
  });

  test.concurrent('its text wins over the text on the disk', async () => {
    const other = application(`changed-${major}`);
    const its = make(node, other);
    writeFileSync(join(other, 'node_modules/dep/index.js'), `console.log('BAD')`);
    const outcome = await run(join(other, 'worker.cjs'), { MAYEXEC_IMAGE: its });
    expect(outcome.stdout, said(outcome)).toBe('dep\n');
    expect(check(other, its)).toMatchObject({
      status: 1,
      stdout: 'node_modules/dep/index.js has another content on the disk\n',
    });
  });

  test.concurrent('strict runs only its own text too', async () => {
    const env = { MAYEXEC_IMAGE: image, MAYEXEC_STRICT: '1' };
    const outcome = await run('app.cjs', env, ['--disallow-code-generation-from-strings']);
    expect(outcome, said(outcome)).toMatchObject({ status: 0, stderr: '' });
  });

  describe.for<[string, (its: string, other: string) => void, RegExp]>([
    [
      'has no x',
      (its) => {
        chmodSync(its, 0o444);
      },
      /no execute permission/,
    ],
    [
      'may be written by its group',
      (its) => {
        chmodSync(its, 0o575);
      },
      /may write to it/,
    ],
    [
      'may be written by others',
      (its) => {
        chmodSync(its, 0o557);
      },
      /may write to it/,
    ],
    [
      'belongs to another user',
      (its) => {
        chownSync(its, 65534, 65534);
      },
      /belongs to user 65534/,
    ],
    [
      'is not there',
      (its) => {
        rmSync(its);
      },
      /ENOENT/,
    ],
    [
      'is empty',
      (its) => {
        writeFileSync(its, '');
      },
      /too short/,
    ],
    [
      'is a directory',
      (its) => {
        rmSync(its);
        mkdirSync(its);
      },
      /EISDIR|not-regular|regular file|directory/,
    ],
    [
      'is another program',
      (its) => {
        writeFileSync(its, '#!/bin/sh\n'.padEnd(100));
      },
      /not a code image/,
    ],
    [
      'is a byte short',
      (its) => {
        writeFileSync(its, readFileSync(its).subarray(0, -1));
      },
      /header says/,
    ],
    [
      'has another directory than its header says',
      (its) => {
        const bytes = readFileSync(its);
        bytes[80] = (bytes[80] as number) ^ 1;
        writeFileSync(its, bytes);
      },
      /SHA-256/,
    ],
    [
      'was made of another lockfile',
      (_, other) => {
        writeFileSync(join(other, 'package-lock.json'), '{ }');
      },
      /package-lock.json' has changed/,
    ],
    [
      'was made of another package.json',
      (_, other) => {
        writeFileSync(join(other, 'package.json'), '{}');
      },
      /package.json' has changed/,
    ],
    [
      'was made without the lockfile that is there',
      (_, other) => {
        writeFileSync(join(other, 'yarn.lock'), '');
      },
      /yarn.lock' has changed/,
    ],
    [
      'was made of a directory that is gone',
      (_, other) => {
        cpSync(other, `${other}.moved`, { recursive: true });
        rmSync(other, { recursive: true });
      },
      /where ENOENT/,
    ],
    [
      'was made of a directory that is a link now',
      (_, other) => {
        cpSync(other, `${other}.moved`, { recursive: true });
        rmSync(other, { recursive: true });
        symlinkSync(`${other}.moved`, other);
      },
      /symbolic link now/,
    ],
  ])('one that %s', ([what, change, why]) => {
    test.concurrent('is refused', async () => {
      const other = application(`${what} ${major}`);
      const its = make(node, other);
      chmodSync(its, 0o755);
      change(its, other);
      const outcome = await run('app.cjs', { MAYEXEC_IMAGE: its });
      expect(outcome, said(outcome)).toMatchObject({ status: 126, signal: null, stdout: '' });
      expect(outcome.stderr).toMatch(why);
    });
  });

  test.concurrent('one that is being written is refused', async () => {
    const its = make(node, application(`written ${major}`));
    chmodSync(its, 0o755);
    const fd = openSync(its, 'r+');
    const outcome = await run('app.cjs', { MAYEXEC_IMAGE: its });
    closeSync(fd);
    expect(outcome, said(outcome)).toMatchObject({ status: 126, stdout: '' });
    expect(outcome.stderr).toContain('ETXTBSY');
  });

  test.concurrent('one for another Node is refused', async () => {
    const other = major === 22 ? 24 : 22;
    const its = make(nodeBinary(other), application(`foreign ${major}`));
    const outcome = await run('app.cjs', { MAYEXEC_IMAGE: its });
    expect(outcome, said(outcome)).toMatchObject({ status: 126, stdout: '' });
    expect(outcome.stderr).toMatch(/made for Node v\d+.* and this is Node v\d+/);
  });

  test.concurrent.for(['arch', 'v8'] as const)('one for another %s is refused', async (name) => {
    const its = make(node, application(`${name} ${major}`));
    rewrite(its, (bytes) => {
      const text = `"${name}":"`;
      const at = bytes.indexOf(text) + text.length;
      bytes.fill('z', at, bytes.indexOf('"', at));
    });
    const outcome = await run('app.cjs', { MAYEXEC_IMAGE: its });
    expect(outcome, said(outcome)).toMatchObject({ status: 126, stdout: '' });
    expect(outcome.stderr).toMatch(/made for Node v[\d.]+ \(.*z.*\), and this is Node v\d+/);
  });

  test.concurrent(
    'one of another directory has nothing for a program that is elsewhere',
    async () => {
      const its = make(node, application(`elsewhere ${major}`));
      const outcome = await run('app.cjs', { MAYEXEC_IMAGE: its });
      expect(outcome, said(outcome)).toMatchObject({ status: 126, stdout: '' });
      expect(outcome.stderr).toContain('app.cjs');
    },
  );

  test.concurrent('a record that points to another module is refused', async () => {
    const other = application(`pointing ${major}`);
    const its = make(node, other);
    rewrite(its, (_, { records, paths }) => {
      const dep = addon().imageFind(records, paths, 'node_modules/dep/index.js') * RECORD;
      const long = addon().imageFind(records, paths, 'long.cjs') * RECORD;
      // Its offset and lengths.
      records.copy(records, dep, long, long + 16);
    });
    const outcome = await run(join(other, 'worker.cjs'), { MAYEXEC_IMAGE: its });
    expect(outcome.status, said(outcome)).not.toBe(0);
    expect(outcome).toMatchObject({ signal: null, stdout: '' });
    expect(outcome.stderr).toContain('was changed after it was opened, or is broken');
  });

  /** What may come of a changed image: the approved code, or a message. */
  const expectNoOther = (outcome: Outcome): void => {
    expect(outcome.signal, said(outcome)).toBeNull();
    expect(['', 'dep\n'], said(outcome)).toContain(outcome.stdout);
    if (outcome.status !== 0)
      expect(outcome.stderr, said(outcome)).toMatch(/code image|EACCES|ETXTBSY/);
  };

  test.concurrent('whatever byte of it is changed, no other code runs', async () => {
    const other = application(`flipped ${major}`);
    const its = make(node, other);
    const good = readFileSync(its);
    const { modulesAt, paths, records } = directoryOf(its);
    const dep = addon().imageFind(records, paths, 'node_modules/dep/index.js');
    const { offset, bytecodeLength, sourceLength } = placeOf(directoryOf(its), dep);
    const starts = {
      magic: 0,
      format: 8,
      'length of the metadata': 12,
      'number of modules': 16,
      'length of the paths': 20,
      'length of the file': 24,
      hash: 32,
      metadata: HEADER + 2,
      'path of a module': modulesAt - 1,
      'header of its bytecode': offset,
      'hash of the flags': offset + 12,
      'end of its bytecode': offset + bytecodeLength - 1,
      'its source': offset + bytecodeLength,
      'end of its source': offset + bytecodeLength + sourceLength - 1,
    };
    for (const [what, at] of Object.entries(starts)) {
      const bytes = Buffer.from(good);
      bytes[at] = (good[at] as number) ^ 0xff;
      writeFileSync(its, bytes);
      const outcome = await run(join(other, 'worker.cjs'), { MAYEXEC_IMAGE: its });
      expect([what, outcome.stdout, outcome.signal]).toEqual([what, '', null]);
      expect(outcome.stderr, what).toMatch(/code image/);
    }
  });

  test.concurrent('wherever it is cut off, no code runs', async () => {
    const other = application(`cut ${major}`);
    const its = make(node, other);
    const good = readFileSync(its);
    const { modulesAt } = directoryOf(its);
    for (const length of [1, HEADER - 1, HEADER, modulesAt - 1, modulesAt, good.length >> 1]) {
      writeFileSync(its, good.subarray(0, length));
      const outcome = await run(join(other, 'worker.cjs'), { MAYEXEC_IMAGE: its });
      expect(outcome, said(outcome)).toMatchObject({ status: 126, signal: null, stdout: '' });
      expect(outcome.stderr).toMatch(/code image/);
    }
  });

  /** Starts a program again and again beside an attacker. */
  async function beside(attacker: string, words: string[], start: () => Promise<Outcome>) {
    const file = fileURLToPath(new URL(`image-attackers/${attacker}`, import.meta.url));
    const child = spawn(process.execPath, [file, ...words], { stdio: ['ignore', 'pipe', 2] });
    try {
      await once(child.stdout as Readable, 'data');
      for (let i = 0; i < 8; i++) expectNoOther(await start());
      expect(child.exitCode).toBeNull();
    } finally {
      child.kill();
    }
  }

  test.concurrent('while its name goes to another and back, no other code runs', async () => {
    const other = application(`renamed ${major}`);
    const its = make(node, other);
    copyFileSync(its, `${its}.good`);
    chmodSync(`${its}.good`, 0o555);
    const bad = readFileSync(its, 'latin1').replaceAll(`name: 'dep'`, `name: 'bad'`);
    writeFileSync(`${its}.bad`, bad, { encoding: 'latin1', mode: 0o444 });
    rewrite(`${its}.bad`, (bytes, { records, paths }) => {
      const i = addon().imageFind(records, paths, 'node_modules/dep/index.js');
      const { offset, bytecodeLength, sourceLength } = placeOf(directoryOf(its), i);
      const source = bytes.subarray(offset + bytecodeLength).subarray(0, sourceLength);
      expect(source.includes('bad')).toBe(true);
      records.write(sha256(source), i * RECORD + 64, 'hex');
    });
    const start = (): Promise<Outcome> => run(join(other, 'worker.cjs'), { MAYEXEC_IMAGE: its });
    await beside('swaps.mjs', [its, `${its}.good`, `${its}.bad`], start);
  });

  test.concurrent('while somebody writes to it, no other code runs', async () => {
    const other = application(`scribbled ${major}`);
    const its = make(node, other);
    chmodSync(its, 0o755);
    const start = (): Promise<Outcome> => run(join(other, 'worker.cjs'), { MAYEXEC_IMAGE: its });
    await beside('writes.mjs', [its], start);
  });

  test.concurrent('one that was made with other flags of V8 runs from its sources', async () => {
    const other = application(`flags ${major}`);
    const its = `${other}.image`;
    const words = ['--stack-size=900', command, 'image', other, '--out', its];
    expect(spawnSync(node, words, { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
    const outcome = await run(join(other, 'worker.cjs'), { MAYEXEC_IMAGE: its });
    expect(outcome, said(outcome)).toMatchObject({ status: 0, stdout: 'dep\n', stderr: '' });
  });

  test.concurrent('a program that writes to it gets no other code', async () => {
    const other = application(`overwritten ${major}`);
    const its = make(node, other);
    const outcome = await run(join(other, 'overwrites.cjs'), { MAYEXEC_IMAGE: its, IMAGE: its });
    expect(outcome.stdout, said(outcome)).toMatch(/^EACCES .*changed after it was opened/);
  });

  test.concurrent('a program that swaps its fd gets no other code', async () => {
    const other = application(`swapped ${major}`);
    const its = make(node, other);
    const bad = readFileSync(its, 'latin1').replaceAll(`name: 'dep'`, `name: 'bad'`);
    writeFileSync(`${its}.bad`, bad, 'latin1');
    const env = { MAYEXEC_IMAGE: its, IMAGE: its, OTHER: `${its}.bad` };
    const outcome = await run(join(other, 'swaps-fd.cjs'), env);
    expect(outcome.stdout, said(outcome)).toMatch(/^true\nEACCES .*changed after it was opened/);
  });

  test('another thread exchanges the image of new Workers, and the other one never runs', async () => {
    const other = application(`exchanged ${major}`);
    const its = `${other}.good`;
    copyFileSync(make(node, other), its);
    const dep = join(other, 'node_modules/dep/index.js');
    writeFileSync(dep, readFileSync(dep, 'utf8').replace(`name: 'dep'`, `name: 'bad'`));
    const bad = make(node, other);
    chmodSync(bad, 0o644);
    // Each record of the log leaves the other thread more time.
    const env = { MAYEXEC_IMAGE: its, IMAGE: its, OTHER: bad, MAYEXEC_AUDIT_LOG: `${its}.jsonl` };
    const outcome = await run(join(other, 'exchanges-fd.cjs'), env);
    expect(outcome.stdout, said(outcome)).toBe('each exchange was seen\n');
  });

  test.concurrent('a program that replaces functions gets no other code', async () => {
    const outcome = await run('pollutes.cjs');
    expect(outcome.stdout, said(outcome)).toBe('dep\n');
  });

  test.concurrent(
    'a program that is run leaves the bytecode of the functions it called',
    async () => {
      const other = application(`recorded ${major}`);
      const its = `${other}.image`;
      const { stdout, stderr } = spawnSync(
        node,
        [command, 'image', other, '--out', its, '--', node, join(other, 'calls.cjs')],
        { encoding: 'utf8', env: { PATH: process.env['PATH'] } },
      );
      expect(stderr).toBe('');
      expect(stdout).toMatch(/^said by the function that is called\n/);
      const has = (image: string, text: string): boolean => {
        const fd = openSync(image, 'r');
        try {
          const { records, paths } = readDirectory(fd);
          const i = addon().imageFind(records, paths, 'long.cjs');
          return (addon().imageRead(fd, records, i, IMAGE_BYTECODE) as Buffer).includes(text);
        } finally {
          closeSync(fd);
        }
      };
      expect(has(its, 'that is called')).toBe(true);
      expect(has(its, 'that is not called')).toBe(false);
      expect(has(image, 'that is called')).toBe(false);
      const outcome = await run(join(other, 'calls.cjs'), { MAYEXEC_IMAGE: its });
      expect(outcome, said(outcome)).toMatchObject({
        stdout: 'said by the function that is called\n',
        stderr: '',
      });
    },
  );

  test.concurrent('mayexec run --image takes it', async () => {
    const args = [command, 'run', '--image', `../app-${major}.image`, '--', node, 'app.cjs'];
    const outcome = await host.run({ file: process.execPath, args, cwd: app, env: {} });
    expect(outcome, said(outcome)).toMatchObject({ status: 0, stderr: '' });
    expect(check(app, image)).toMatchObject({ status: 0 });
  });
});
