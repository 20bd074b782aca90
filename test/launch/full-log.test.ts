/** A log on a full disk loses records. The operator is told, and the program goes on. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, test } from 'vitest';

import { launcher, preload } from '../support/built.js';
import { MAJORS, nodeBinary } from '../preload/versions.js';
import { launched, started, type Outcome } from './launcher.js';

const root = mkdtempSync(join(tmpdir(), 'mayexec-full-'));
const put = (name: string, text: string): void => {
  writeFileSync(join(root, name), text);
  chmodSync(join(root, name), 0o755);
};
put('part.cjs', '');
put(
  'main.cjs',
  `require('./part.cjs');
   new (require('worker_threads').Worker)(__dirname + '/part.cjs').on('exit', () => {
     console.log('ran');
     process.exitCode = 7;
   })`,
);
afterAll(() => {
  rmSync(root, { recursive: true });
});

/** Every write to it fails as on a full disk. */
const FULL = '/dev/full';
const LOST = 'mayexec: the audit log loses records: ENOSPC: no space left on device, write';

describe.for(MAJORS)('on Node %i', (major) => {
  const node = nodeBinary(major);
  const WAYS: [name: string, run: () => Promise<Outcome>][] = [
    [
      'run --audit',
      () => launched(['--audit', '--audit-log', FULL, '--', node, 'main.cjs'], { cwd: root }),
    ],
    ['run', () => launched(['--audit-log', FULL, '--', node, 'main.cjs'], { cwd: root })],
    [
      'the preload alone',
      () =>
        started(node, ['main.cjs'], {
          cwd: root,
          env: { NODE_OPTIONS: `--require=${preload}`, MAYEXEC_AUDIT_LOG: FULL },
        }),
    ],
  ];

  test.for(WAYS)('%s says so once in a process, and ends as the program does', async ([, run]) => {
    const { status, stdout, stderr } = await run();
    expect({ status, stdout }).toEqual({ status: 7, stdout: 'ran\n' });
    expect(stderr).toBe(`${LOST}. The program goes on\n`);
  });
});

test('the launcher says so of a file that may not become longer', async () => {
  const log = join(root, 'limited.jsonl');
  const args = ['--quiet', '--audit-log', log, '--', '/bin/echo', 'ran'];
  const env = { LD_BIND_NOW: '1', LD_BIND_NOT: '1' };
  expect(await started('prlimit', ['--fsize=0', launcher, ...args], { env })).toMatchObject({
    status: 0,
    stdout: 'ran\n',
    stderr: `mayexec: the audit log loses records: EFBIG: file too large, write '${log}'\n`,
  });
});

test('the launcher says so of its own records', async () => {
  const env = { LD_BIND_NOW: '1', LD_BIND_NOT: '1' };
  const args = ['--quiet', '--audit-log', FULL, '--', '/bin/echo', 'ran'];
  expect(await launched(args, { cwd: root, env })).toMatchObject({
    status: 0,
    stdout: 'ran\n',
    stderr: `${LOST} '${FULL}'\n`,
  });
});
