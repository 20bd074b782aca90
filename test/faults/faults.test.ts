/**
 * Each system call of a call of the API fails once with each errno of its manual
 * page. The error has the right class, nothing is handed over that should not be,
 * nothing stays open, and the next call works.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect } from 'vitest';

import { has, needs } from '../support/kernel.js';
import { sandbox } from '../support/sandbox.js';

const box = sandbox();
const executable = box.file('executable', 0o755, 'text');
/** Not for its owner, who has no capability here: its reason takes the most calls. */
const othersMay = box.file('others-may', 0o654, 'text');

/** x86_64, arm64. */
const NUMBERS = {
  openat2: [437, 437],
  execveat: [322, 281],
  pread64: [17, 67],
  prctl: [157, 167],
  unshare: [272, 97],
  fstatfs: [138, 44],
  capget: [125, 90],
  fgetxattr: [193, 10],
  fstat: [5, 80],
} as const;
type Syscall = keyof typeof NUMBERS;

type Errno = keyof typeof constants.errno;
const OPENS = ['openMayExecSync', 'openMayExec', 'readMayExecSync', 'readMayExec'] as const;
type Call = (typeof OPENS)[number] | 'checkExecSync' | 'openat2Sync' | 'openat2' | 'getSecurebits';

interface Outcome {
  readonly error?: { readonly name: string; readonly code: string; readonly reason?: string };
  readonly verdict?: Readonly<Record<string, unknown>>;
  readonly text?: string;
}

interface Row {
  readonly title: string;
  readonly syscall: Syscall;
  readonly errno: Errno;
  readonly call: Call;
  readonly path: string;
  readonly enforce: boolean;
  readonly count: number;
  readonly outcome: Outcome;
}

/** Enough for a call that is retried to fail in the end; one is enough for all others. */
const ALWAYS = 1000;
const RETRIED: readonly Errno[] = ['ETXTBSY', 'EAGAIN'];
const enough = (errno: Errno): number => (RETRIED.includes(errno) ? ALWAYS : 1);

const CLASSES: Readonly<Partial<Record<Errno, string>>> = {
  EACCES: 'PermissionError',
  EPERM: 'PermissionError',
  ELOOP: 'SymlinkError',
  ENOENT: 'NotFoundError',
  ENOTDIR: 'NotFoundError',
  EISDIR: 'FileTypeError',
  ENXIO: 'FileTypeError',
  ETXTBSY: 'FileBusyError',
  EAGAIN: 'RetryError',
  EINVAL: 'InvalidArgumentError',
  E2BIG: 'InvalidArgumentError',
  EBADF: 'InvalidArgumentError',
  ENAMETOOLONG: 'InvalidArgumentError',
  EMFILE: 'ResourceError',
  ENFILE: 'ResourceError',
  ENOMEM: 'ResourceError',
};
const error = (code: Errno): Outcome => ({
  error: { name: CLASSES[code] ?? 'SyscallError', code },
});

/** open(2) and openat2(2), with no rule that EXDEV could speak of; EINTR is not an answer, ENOSYS and EPERM are a filter's. */
const OF_OPENAT2: readonly Errno[] = [
  ...(['E2BIG', 'EACCES', 'EAGAIN', 'EBADF', 'EBUSY', 'EDQUOT', 'EEXIST', 'EFAULT'] as const),
  ...(['EFBIG', 'EINVAL', 'EISDIR', 'ELOOP', 'EMFILE', 'ENAMETOOLONG', 'ENFILE'] as const),
  ...(['ENODEV', 'ENOENT', 'ENOMEM', 'ENOSPC', 'ENOTDIR', 'ENXIO', 'ENOTSUP'] as const),
  ...(['EOVERFLOW', 'EROFS', 'ETXTBSY', 'EXDEV', 'EIO', 'ESTALE'] as const),
];

/** execveat(2), but for what is a denial. */
const OF_EXECVEAT: readonly Errno[] = [
  ...(['E2BIG', 'EBADF', 'EFAULT', 'EINVAL', 'EIO', 'EISDIR', 'ELOOP', 'EMFILE'] as const),
  ...(['ENAMETOOLONG', 'ENFILE', 'ENOENT', 'ENOEXEC', 'ENOMEM', 'ENOTDIR', 'ETXTBSY'] as const),
  ...(['EAGAIN', 'ESTALE'] as const),
];

const OF_FSTAT: readonly Errno[] = ['EBADF', 'EFAULT', 'ENOMEM', 'EOVERFLOW', 'EIO', 'ESTALE'];

const OF_CAPGET = ['EFAULT', 'EINVAL', 'EPERM', 'ENOSYS'] as const;
const OF_FGETXATTR = ['EBADF', 'ENODATA', 'ENOTSUP', 'EACCES', 'EPERM', 'ENOMEM', 'EIO'] as const;

const OF_FSTATFS: readonly Errno[] = [
  ...(['EACCES', 'EBADF', 'EFAULT', 'EINTR', 'EIO', 'ELOOP', 'ENAMETOOLONG', 'ENOENT'] as const),
  ...(['ENOMEM', 'ENOSYS', 'ENOTDIR', 'EOVERFLOW'] as const),
];

const OF_READ: readonly Errno[] = [
  'EIO',
  'EISDIR',
  'EBADF',
  'EFAULT',
  'EINVAL',
  'ENOMEM',
  'ESTALE',
];

const reads = (call: Call): boolean => call.startsWith('read');
/** What readMayExec gives of that. */
const handedOver = (call: Call, verdict: object): Outcome =>
  reads(call) ? { text: 'text' } : { verdict: { ...verdict }, text: 'text' };

const rows: Row[] = [];
const add = (
  syscall: Syscall,
  errno: Errno,
  call: Call,
  title: string,
  outcome: Outcome,
  { path = executable, enforce = false, count = enough(errno) }: Partial<Row> = {},
): void => {
  const name = `${syscall} that fails with ${errno} in ${call}${enforce ? ', enforced' : ''}: ${title}`;
  rows.push({ title: name, syscall, errno, call, path, enforce, count, outcome });
};

for (const call of [...OPENS, 'openat2Sync', 'openat2'] as const) {
  for (const errno of OF_OPENAT2) {
    add('openat2', errno, call, 'its own error', error(errno));
  }
  const works = call.startsWith('openat2') ? {} : handedOver(call, { allowed: true });
  add('openat2', 'EINTR', call, 'the call is made again', works, { count: 3 });
}

for (const call of OPENS) {
  for (const errno of OF_EXECVEAT) {
    add(
      'execveat',
      errno,
      call,
      'no denial, and the file is handed over',
      handedOver(call, { allowed: null, errno }),
    );
    add('execveat', errno, call, 'its own error, and no file', error(errno), { enforce: true });
  }
  for (const errno of ['EACCES', 'EPERM'] as const) {
    const reason = errno === 'EPERM' ? 'fanotify' : 'security-module';
    const verdict = { allowed: false, errno, reason };
    add('execveat', errno, call, 'a denial that does not bind', handedOver(call, verdict));
    const denied = { error: { name: 'ExecDeniedError', code: errno } };
    add('execveat', errno, call, 'a denial', denied, { enforce: true });
  }
  add('execveat', 'ETXTBSY', call, 'is asked again', handedOver(call, { allowed: true }), {
    count: 2,
    enforce: true,
  });
  add('prctl', 'EPERM', call, 'nobody knows the policy, so nothing is handed over', {
    error: { name: 'UnsupportedError', code: 'ERR_MAYEXEC_UNSUPPORTED', reason: 'filtered' },
  });
  for (const errno of OF_FSTAT)
    add('fstat', errno, call, 'its own error, and no file', error(errno));
  // A reason that cannot be found leaves a denial what it is.
  for (const [syscall, errnos] of [
    ['capget', OF_CAPGET],
    ['fgetxattr', OF_FGETXATTR],
    ['fstatfs', OF_FSTATFS],
  ] as const)
    for (const errno of errnos)
      add(
        syscall,
        errno,
        call,
        'the denial stays a denial',
        { error: { name: 'ExecDeniedError', code: 'EACCES' } },
        { path: othersMay, enforce: true },
      );
}

for (const errno of OF_EXECVEAT)
  add(
    'execveat',
    errno,
    'checkExecSync',
    'is thrown, for the answer is all that was asked for',
    error(errno),
  );
for (const errno of ['EACCES', 'EPERM'] as const)
  add('execveat', errno, 'checkExecSync', 'a verdict', { verdict: { allowed: false, errno } });

for (const call of ['readMayExecSync', 'readMayExec'] as const) {
  for (const errno of OF_READ)
    add('pread64', errno, call, 'its own error, and no text', error(errno));
  add('pread64', 'EINTR', call, 'is read again', { text: 'text' }, { count: 3 });
}

interface Result extends Outcome {
  readonly answered: number;
  readonly left: number;
  readonly next: unknown;
}

describe('a system call that fails', () => {
  let results: readonly Result[] = [];
  beforeAll(() => {
    if (!has('execveCheck') || !has('openat2') || !has('prctl')) return;
    const inject = box.path('inject');
    const source = fileURLToPath(new URL('inject.c', import.meta.url));
    execFileSync('cc', ['-std=c11', '-O1', '-o', inject, source]);
    const control = box.file('control', 0o600, Buffer.alloc(16).toString('latin1'));
    const table = box.path('rows.json');
    const arch = process.arch === 'arm64' ? 1 : 0;
    writeFileSync(
      table,
      JSON.stringify(
        rows.map(({ syscall, errno, call, path, enforce, count }) => ({
          ...{ call, path, enforce, count, executable },
          nr: NUMBERS[syscall][arch],
          errno: constants.errno[errno],
        })),
      ),
    );
    const program = fileURLToPath(new URL('program.mjs', import.meta.url));
    const index = new URL('../../dist/index.js', import.meta.url).href;
    const output = execFileSync(
      'setpriv',
      [
        '--bounding-set=-dac_override',
        '--inh-caps=-dac_override',
        inject,
        control,
        '--',
        process.execPath,
        program,
        index,
        control,
        table,
      ],
      { encoding: 'utf8', maxBuffer: 1 << 26 },
    );
    results = JSON.parse(output) as Result[];
  });

  for (const [i, { title, count, outcome, call }] of rows.entries()) {
    needs('openat2', 'execveCheck')(title, () => {
      const result = results[i];
      expect(result).toMatchObject(outcome);
      if (outcome.error !== undefined)
        expect(result?.text, 'nothing is handed over').toBeUndefined();
      expect(result?.answered, 'it failed').toBeGreaterThan(0);
      expect(result?.answered).toBeLessThanOrEqual(count);
      expect(result?.left, 'fds left open').toBe(0);
      if (!call.startsWith('openat2') && call !== 'getSecurebits')
        expect(result?.next, 'the next call').toMatchObject(
          reads(call) ? { text: 'text' } : { verdict: { allowed: true } },
        );
    });
  }
});
