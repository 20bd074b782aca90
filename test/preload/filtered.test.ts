/** Under a seccomp filter that refuses openat2, as in old containers, the preload knows less. */
import { readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { afterAll, describe, expect } from 'vitest';

import { preload } from '../support/built.js';
import { needs } from '../support/kernel.js';
import { refusing } from '../support/refuse.js';
import { sandbox } from '../support/sandbox.js';
import { PolicyHost } from './policy-host.js';
import { MAJORS, nodeBinary } from './versions.js';

const box = sandbox();
const host = new PolicyHost({});
afterAll(() => {
  host.close();
});

const program = fileURLToPath(
  new URL('ways/attempts/a-program-by-a-passed-fd.cjs', import.meta.url),
);
const main = box.file('main.cjs', 0o755, readFileSync(program));
box.file('dropped.cjs', 0o644, "console.log('RAN');");

describe.for(MAJORS)('on Node %i', (major) => {
  for (const errno of ['ENOSYS', 'EPERM'] as const)
    needs('execveCheck')(
      `with ${errno}, a child gets no program as an fd, since its name cannot be examined`,
      async () => {
        const [file = '', ...filter] = refusing(box, errno, 'openat2');
        const passed = ['spawnSync', '3', 'NODE', '{}', '/proc/self/fd/3'];
        const { stdout, stderr } = await host.run({
          file,
          args: [...filter, nodeBinary(major), '--require', preload, main, ...passed],
          cwd: box.dir,
          env: { MAYEXEC_ENFORCE: '1' },
        });
        expect(stdout).not.toContain('RAN');
        expect(stderr).toContain('may be another program in the child');
      },
    );
});

/** A program that requires and imports, and the last record about each of its files. */
const FILES = {
  'all.cjs': "require('./b.cjs'); require('./d.json'); import('./m.mjs');",
  'b.cjs': "console.log('b ran');",
  'd.json': '{}',
  'm.mjs': "console.log('m ran');",
};
for (const [name, text] of Object.entries(FILES)) box.file(name, 0o755, text);

interface Told {
  readonly path: string;
  readonly [field: string]: unknown;
}

// EPERM and ENOSYS of openat2 are a filter's, and openat(2) opens in its place.
for (const errno of ['EACCES', 'EAGAIN', 'EINTR', 'EINVAL', 'EMFILE', 'ENOMEM'] as const)
  needs('execveCheck')(
    `where openat2 answers ${errno}, nothing is enforced, the program runs and the log has the errno`,
    async () => {
      const log = box.path(`${errno}.jsonl`);
      const [file = '', ...filter] = refusing(box, errno, 'openat2');
      const args = [...filter, nodeBinary(24), '--require', preload, box.path('all.cjs')];
      const env = { MAYEXEC_AUDIT_LOG: log };
      const outcome = await host.run({ file, args, cwd: box.dir, env });
      expect(outcome).toMatchObject({ status: 0, stdout: 'b ran\nm ran\n', stderr: '' });
      const told = readFileSync(log, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Told);
      rmSync(log);
      const about = (name: string, origin: string, wouldDeny: boolean): object => ({
        path: box.path(name),
        operation: 'load',
        ...{ origin, allowed: null, errno, mechanism: 'none', wouldDeny, denied: false },
      });
      expect(told).toMatchObject([
        about('all.cjs', 'require', true),
        about('b.cjs', 'require', true),
        about('d.json', 'require', false),
        about('m.mjs', 'import', true),
      ]);
    },
  );

for (const errno of ['EACCES', 'EAGAIN', 'EINTR', 'EINVAL', 'EMFILE', 'ENOMEM'] as const)
  needs('execveCheck')(
    `where openat2 answers ${errno} and files are restricted, nothing runs`,
    async () => {
      const [file = '', ...filter] = refusing(box, errno, 'openat2');
      const args = [...filter, nodeBinary(24), '--require', preload, box.path('all.cjs')];
      const outcome = await host.run({ file, args, cwd: box.dir, env: { MAYEXEC_ENFORCE: '1' } });
      expect(outcome.stderr).toContain(`${errno}: `);
      expect(outcome).toMatchObject({ status: 126, stdout: '' });
    },
  );
