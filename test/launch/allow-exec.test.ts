import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, test } from 'vitest';

import { command } from '../support/built.js';
import { MAJORS, nodeBinary } from '../preload/versions.js';

const base = mkdtempSync(join(tmpdir(), 'mayexec-allow-'));
chmodSync(base, 0o755);
afterAll(() => {
  rmSync(base, { recursive: true });
});

const inside = join(base, 'inside');
const outside = join(base, 'outside');
for (const folder of [inside, outside]) {
  mkdirSync(folder);
  for (const name of ['x.cjs', 'x.mjs', 'worker.cjs', 'child.cjs']) {
    writeFileSync(join(folder, name), '');
    chmodSync(join(folder, name), 0o755);
  }
  cpSync('/bin/true', join(folder, 'program'));
  chmodSync(join(folder, 'program'), 0o755);
}

/** Tries every way in both folders and prints what came of each. */
const PROGRAM = `
  const { spawnSync } = require('node:child_process');
  const { Worker } = require('node:worker_threads');
  const tried = (f) => { try { f(); return 'ran' } catch (error) { return error.code } };
  (async () => {
    const found = {};
    for (const name of ['inside', 'outside']) {
      const folder = '${base}/' + name;
      found[name] = {
        require: tried(() => require(folder + '/x.cjs')),
        import: await import(folder + '/x.mjs').then(() => 'ran', (error) => error.code),
        worker: await new Promise((done) => new Worker(folder + '/worker.cjs')
          .on('error', (error) => done(error.code)).on('exit', () => done('ran'))),
        child: spawnSync(process.execPath, [folder + '/child.cjs']).status,
        program: spawnSync(folder + '/program').error?.code ?? 'ran',
      };
    }
    console.log(JSON.stringify(found));
  })();
`;
for (const folder of [inside, outside]) {
  writeFileSync(join(folder, 'main.cjs'), PROGRAM);
  chmodSync(join(folder, 'main.cjs'), 0o755);
}

/** As an ordinary user, who can set no policy but this one. */
function run(args: string[], before: string[] = []): SpawnSyncReturns<string> {
  const [file = '', ...rest] = [...before, process.execPath, command, 'run', ...args];
  return spawnSync(file, rest, { encoding: 'utf8', cwd: base, uid: 65534, gid: 65534 });
}

describe.for(MAJORS)('mayexec run --allow-exec on Node %i as uid 65534', (major) => {
  const node = nodeBinary(major);

  test('a program inside runs, and nothing outside does', () => {
    const { stdout, stderr } = run(['--allow-exec', inside, '--', node, join(inside, 'main.cjs')]);
    expect(stdout, stderr).not.toBe('');
    expect(JSON.parse(stdout)).toEqual({
      inside: { require: 'ran', import: 'ran', worker: 'ran', child: 0, program: 'ran' },
      outside: {
        require: 'EACCES',
        import: 'EACCES',
        worker: 'EACCES',
        child: 126,
        program: 'EACCES',
      },
    });
  });

  test('an entry point outside is refused', () => {
    const { stdout, stderr, status } = run([
      ...['--allow-exec', inside, '--', node],
      join(outside, 'main.cjs'),
    ]);
    expect([status, stdout]).toEqual([126, '']);
    expect(stderr).toMatch(/security module \(IMA, IPE, Landlock/);
  });
});

describe('mayexec run --allow-exec', () => {
  const node = nodeBinary(24);

  test('allows several, up to --', () => {
    const { stdout } = run([
      ...['--allow-exec', inside, outside, '--', node],
      join(outside, 'main.cjs'),
    ]);
    expect(JSON.parse(stdout)).toMatchObject({ outside: { require: 'ran', program: 'ran' } });
  });

  test('starts nothing when a path is not there', () => {
    const { stderr, status } = run(['--allow-exec', '/nonexistent', '--', node, '--version']);
    expect(stderr).toMatch(/^mayexec: --allow-exec: ENOENT.*'\/nonexistent'/);
    expect(status).toBe(2);
  });

  test('says with status 127 that the command is not there', () => {
    expect(run(['--allow-exec', inside, '--', './not-there']).status).toBe(127);
  });
});
