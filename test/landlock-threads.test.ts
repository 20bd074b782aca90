/** Which threads restrictExec restricts: all of the process from Landlock's ABI 8 on. */
import { execFileSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect } from 'vitest';

import { needs } from './support/kernel.js';
import { sandbox } from './support/sandbox.js';

const box = sandbox();
const allowed = box.directory('allowed', 0o755);
const outside = box.file('outside', 0o755, '#!/bin/true\n');
const program = fileURLToPath(new URL('programs/restricted-threads.mjs', import.meta.url));

/** Others than root must be able to reach it. */
chmodSync(box.dir, 0o755);

interface Seen {
  readonly before: string[];
  readonly allThreads: boolean;
  readonly after: string[];
  readonly noNewPrivs: string[];
}

describe.each([
  ['root', 0, ['0']],
  // Without CAP_SYS_ADMIN each restricted thread needs no_new_privs.
  ['an ordinary user', 65534, ['1']],
] as const)('as %s', (_, uid, noNewPrivs) => {
  const seen = (): Seen =>
    JSON.parse(
      execFileSync(process.execPath, [program, allowed, outside], {
        encoding: 'utf8',
        uid,
        gid: uid,
      }),
    ) as Seen;

  needs('landlock', 'openat2')('a thread that runs already is restricted if it says so', () => {
    const { before, allThreads, after } = seen();
    expect(before).toEqual(['ran', 'ran']);
    expect(after).toEqual(['EACCES', allThreads ? 'EACCES' : 'ran']);
  });

  needs(
    'landlock',
    'landlockThreads',
    'openat2',
  )('every thread is restricted', () => {
    expect(seen()).toMatchObject({ allThreads: true, after: ['EACCES', 'EACCES'], noNewPrivs });
  });
});
