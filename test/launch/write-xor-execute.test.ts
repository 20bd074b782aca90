/** examples/write-xor-execute does what its README shows, on each Node, as root and as a user. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

import { MAJORS, nodeBinary } from '../preload/versions.js';
import { needs } from '../support/kernel.js';
import { sandbox } from '../support/sandbox.js';

const example = (name: string): string =>
  fileURLToPath(new URL(`../../examples/write-xor-execute/${name}`, import.meta.url));
const box = sandbox();
const shown = /```\n([^]*)```/.exec(readFileSync(example('README.md'), 'utf8'))?.[1];

/** A user who is not root, and who can read the checkout wherever it lies. */
const asUser = ['unshare', '--user', '--map-user=12345', '--map-group=12345'];

for (const major of MAJORS) {
  for (const [title, as] of [
    ['root', ['env']],
    ['a user with a namespace of its own', asUser],
  ] as const) {
    needs('execveCheck')(`what is written cannot run on Node ${major}, as ${title}`, () => {
      const folder = box.directory(`${major}-${as.length}`, 0o777);
      const [command, ...args] = [...as, nodeBinary(major), example('watch.mjs')];
      const output = execFileSync(command, args, {
        encoding: 'utf8',
        env: { ...process.env, TMPDIR: folder },
      });
      expect(output).toBe(shown);
      expect(execFileSync('ls', ['-A', folder], { encoding: 'utf8' })).toBe('');
    });
  }
}
