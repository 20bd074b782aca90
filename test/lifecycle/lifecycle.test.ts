/**
 * A process, or a Worker, ends at each stage of open, check and read. It ends as it was told to,
 * without a crash, and a Worker leaves no fd in the process.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { describe, expect } from 'vitest';

import { MAJORS, nodeBinary, rowsOn } from '../preload/versions.js';
import { needs } from '../support/kernel.js';
import { index } from '../support/program.js';
import { sandbox } from '../support/sandbox.js';

const box = sandbox();
const SIZE = 2 * 1024 * 1024;
box.file('small', 0o755, 'text');
box.file('large', 0o755, Buffer.alloc(SIZE));
const program = fileURLToPath(new URL('program.mjs', import.meta.url));
const handedOver = fileURLToPath(new URL('handed-over.mjs', import.meta.url));

const stages = [
  ...['an open is pending', 'a check is in the queue', 'a check has begun'],
  ...['a file is being read', 'an open file is being read', 'a stream is half read'],
  ...['files are held', 'a directory is open by openat2'],
].map((stage) => ({ stage }));

interface End {
  readonly status: number | null;
  readonly signal: string | null;
}
const status = (of: number): End => ({ status: of, signal: null });
const signal = (of: string): End => ({ status: null, signal: of });

const processes: Readonly<Record<string, End>> = {
  exits: status(7),
  'exits by itself': status(0),
  throws: status(1),
  rejects: status(1),
  aborts: signal('SIGABRT'),
  'is killed': signal('SIGKILL'),
  'is asked to end': signal('SIGTERM'),
};
/** The process itself goes on. */
const workers = ['exits', 'exits by itself', 'throws', 'rejects', 'is terminated'];

async function run(node: string, stage: string, end: string, env = {}) {
  // No core file of an abort.
  const child = spawn(
    'prlimit',
    ['--core=0', node, '--no-warnings', program, index, box.dir, stage, end],
    { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (errors += chunk));
  await once(child, 'close');
  return { status: child.exitCode, signal: child.signalCode, output, errors };
}

const NODES = [20, ...MAJORS] as const;

describe.for(NODES)('on Node %i', (major) => {
  const node = nodeBinary(major);
  needs('openat2', 'execveCheck')('an fd that a Worker was handed is closed with it', () => {
    const { stdout } = spawnSync(node, [handedOver, index, box.path('small')], {
      encoding: 'utf8',
    });
    const texts = ['text', 'text', 'text'];
    expect(JSON.parse(stdout)).toEqual({ warnings: [], left: 0, texts });
  });
  for (const { stage } of rowsOn(major, stages, NODES)) {
    needs('openat2', 'execveCheck')(
      `a process ends in every way while ${stage}`,
      async () => {
        for (const [end, expected] of Object.entries(processes)) {
          const ended = await run(node, stage, end);
          expect({ status: ended.status, signal: ended.signal }, end + ended.errors).toEqual(
            expected,
          );
        }
      },
      300_000,
    );
    needs('openat2', 'execveCheck')(
      `a Worker ends in every way while ${stage}`,
      async () => {
        for (const end of workers) {
          const ended = await run(node, stage, end, { IN_WORKER: '1' });
          expect({ status: ended.status, signal: ended.signal }, end + ended.errors).toEqual(
            status(0),
          );
          expect(JSON.parse(ended.output), end).toEqual({ left: [], allowed: true });
        }
      },
      300_000,
    );
  }
});
