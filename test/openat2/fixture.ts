/** The tree that the tests of openat2 open paths in, its two forms, and what they compare with. */
import * as fs from 'node:fs';
import { afterAll, expect } from 'vitest';

import * as mayexec from '../../src/index.js';
import { openat2, openat2Sync, type OpenHow, type PathLike } from '../../src/index.js';
import { sandbox } from '../support/sandbox.js';
import { fails, mountPoints, type Outcome } from './cases.js';

export const box = sandbox();

/** What the cases of cases.ts speak of. */
function plant(): void {
  for (const name of ['tree/file', 'tree/sub/file', 'outside', 'mounts/plain']) box.file(name);
  for (const name of ['mounts/source/file', 'mounts/bound-file']) box.file(name);
  for (const name of ['elsewhere', ...mountPoints.map((point) => `mounts/${point}`)]) {
    box.directory(name);
  }
  const links: Readonly<Record<string, string>> = {
    relative: 'file',
    absolute: box.path('tree/file'),
    'absolute-in-root': '/sub/file',
    chained: 'chain/1',
    'chain/1': '../chain/2',
    'chain/2': '../relative',
    'chained-out': 'chain/out',
    'chain/out': '../escaping',
    escaping: '../outside',
    'to-parent': '..',
    'to-sub': 'sub',
    'to-magic': '/proc/self/cwd',
    'sub/back': '../file',
    loop: 'loop',
    dangling: 'nothing',
    'links/0': '../file',
  };
  for (const [name, target] of Object.entries(links)) box.symlink(`tree/${name}`, target);
  for (let i = 1; i <= 40; i++) box.symlink(`tree/links/${i}`, String(i - 1));
}
plant();

export const fds = { FD: fs.openSync(box.path('tree/file'), 'r'), PROC: fs.openSync('/proc', 'r') };
afterAll(() => {
  for (const fd of Object.values(fds)) fs.closeSync(fd);
});

export const calls = {
  // eslint-disable-next-line @typescript-eslint/require-await
  openat2Sync: async (path: PathLike, how?: OpenHow) => openat2Sync(path, how),
  openat2,
} satisfies Record<string, (path: PathLike, how?: OpenHow) => Promise<number>>;

export const invalid = fails('InvalidArgumentError', 'EINVAL');

const identity = ({ dev, ino }: fs.BigIntStats): string => `${dev}:${ino}`;
/** Of a name in the sandbox, or of another place. */
export const place = (name: string): string => (/^[./]/.test(name) ? name : box.path(name));

/** Asserts what came of a call, and closes what was opened. */
export async function expectOutcome(
  call: () => Promise<number>,
  outcome: Outcome,
  fill: (path: string) => string = (path) => path,
  check?: (fd: number) => void,
): Promise<void> {
  if (outcome.error !== undefined) {
    const error = await call().then(
      (fd) => {
        const opened = fs.readlinkSync(`/proc/self/fd/${fd}`);
        fs.closeSync(fd);
        throw new Error(`it opened ${opened}`);
      },
      (reason: unknown) => reason as mayexec.SyscallError,
    );
    const { before } = outcome;
    const expected = before?.codes.includes(error.code) === true ? before : outcome;
    expect(expected.codes).toContain(error.code);
    expect(error.name).toBe(expected.error);
    expect(error.constructor).toBe(mayexec[expected.error]);
    expect(error).toBeInstanceOf(mayexec.SyscallError);
    expect(error.syscall).toBe('openat2');
    return;
  }
  const fd = await call();
  try {
    const expected = place(fill(outcome.opens));
    const opened = fs.fstatSync(fd, { bigint: true });
    const stat = opened.isSymbolicLink() ? fs.lstatSync : fs.statSync;
    expect(identity(opened), `it opened ${fs.readlinkSync(`/proc/self/fd/${fd}`)}`).toBe(
      identity(stat(expected, { bigint: true })),
    );
    check?.(fd);
  } finally {
    fs.closeSync(fd);
  }
}
