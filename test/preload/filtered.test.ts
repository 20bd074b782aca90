/** Under a seccomp filter that refuses openat2, as in old containers, the preload knows less. */
import { readFileSync } from 'node:fs';
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
