/** The rows of the calls of the API: which system call fails how, and what comes of it. */
import type { constants } from 'node:os';

import { sandbox } from '../support/sandbox.js';
import type { Syscall } from './system-calls.js';

export const box = sandbox();
/** Its directory has nothing else in it. */
export const executable = box.file('alone/executable', 0o755, 'text');
/** Not for its owner, who has no capability here: its reason takes the most calls. */
export const othersMay = box.file('others-may', 0o654, 'text');

export type Errno = keyof typeof constants.errno;
const OPENS = ['openMayExecSync', 'openMayExec', 'readMayExecSync', 'readMayExec'] as const;
/** A call of program.mjs, or `addon.` and an operation of operations.mjs. */
export type Call = string;

export interface Outcome {
  readonly error?: { readonly name: string; readonly code: string; readonly reason?: string };
  readonly verdict?: Readonly<Record<string, unknown>>;
  readonly text?: string;
  /** What an operation of the addon, or probe, gives. */
  readonly value?: unknown;
  readonly securebits?: unknown;
}

/** A system call that fails, after so many that do not. */
export interface Fault {
  readonly syscall: Syscall;
  readonly errno: Errno;
  readonly skip: number;
  readonly count: number;
}

export interface Row {
  readonly title: string;
  readonly faults: readonly Fault[];
  readonly call: Call;
  readonly path: string;
  readonly enforce: boolean;
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
export const error = (code: Errno): Outcome => ({
  error: { name: CLASSES[code] ?? 'SyscallError', code },
});

/** open(2) and openat2(2), with no rule that EXDEV could speak of; EINTR is not an answer, ENOSYS and EPERM are a filter's. */
export const OF_OPENAT2: readonly Errno[] = [
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

export const OF_FSTAT: readonly Errno[] = [
  'EBADF',
  'EFAULT',
  'ENOMEM',
  'EOVERFLOW',
  'EIO',
  'ESTALE',
];

export const OF_CAPGET = ['EFAULT', 'EINVAL', 'EPERM', 'ENOSYS'] as const;
export const OF_FGETXATTR = [
  'EBADF',
  'ENODATA',
  'ENOTSUP',
  'EACCES',
  'EPERM',
  'ENOMEM',
  'EIO',
] as const;

export const OF_FSTATFS: readonly Errno[] = [
  ...(['EACCES', 'EBADF', 'EFAULT', 'EINTR', 'EIO', 'ELOOP', 'ENAMETOOLONG', 'ENOENT'] as const),
  ...(['ENOMEM', 'ENOSYS', 'ENOTDIR', 'EOVERFLOW'] as const),
];

export const OF_READ: readonly Errno[] = [
  'EIO',
  'EISDIR',
  'EBADF',
  'EFAULT',
  'EINVAL',
  'ENOMEM',
  'ESTALE',
];

export const reads = (call: Call): boolean => call.startsWith('read');
/** What readMayExec gives of that. */
const handedOver = (call: Call, verdict: object): Outcome =>
  reads(call) ? { text: 'text' } : { verdict: { ...verdict }, text: 'text' };

export const rows: Row[] = [];

interface How {
  readonly path?: string;
  readonly enforce?: boolean;
  readonly count?: number;
  readonly skip?: number;
  readonly also?: Fault;
}

export const add = (
  syscall: Syscall,
  errno: Errno,
  call: Call,
  title: string,
  outcome: Outcome,
  { path = executable, enforce = false, count = enough(errno), skip = 0, also }: How = {},
): void => {
  const which = skip === 0 ? '' : ` (number ${skip + 1})`;
  const both = also === undefined ? '' : `, after ${also.syscall} with ${also.errno}`;
  const name = `${syscall}${which} that fails with ${errno}${both} in ${call}${enforce ? ', enforced' : ''}: ${title}`;
  const faults = [{ syscall, errno, skip, count }, ...(also === undefined ? [] : [also])];
  rows.push({ title: name, faults, call, path, enforce, outcome });
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

// A file without a size, whose end a second pread(2) finds.
for (const call of ['readMayExecSync', 'readMayExec'] as const) {
  for (const errno of OF_READ)
    add('pread64', errno, call, 'its own error, and no text', error(errno), {
      ...{ path: '/proc/version', skip: 1 },
    });
}

const EXCHANGED = { error: { name: 'SyscallError', code: 'EBADFD' } };
// A second fd, opened before the check, and the file show that no other thread has exchanged the fd.
// The file is asked for its status once before that, and not again for the read.
for (const call of ['readMayExecSync', 'readMayExec'] as const) {
  for (const errno of ['EMFILE', 'EINVAL', 'EPERM'] as const)
    add('fcntl', errno, call, 'its own error, and no text', error(errno));
  add('fcntl', 'EBADF', call, 'the fd was exchanged', EXCHANGED, { skip: 1 });
  for (const errno of OF_FSTAT)
    add('fstat', errno, call, 'the fd was exchanged', EXCHANGED, { skip: 1 });
  for (const errno of ['EINVAL', 'EPERM'] as const)
    add(
      'fcntl',
      errno,
      call,
      'a kernel or a filter that compares no fds',
      { text: 'text' },
      {
        skip: 1,
      },
    );
}

for (const call of OPENS) {
  // A kernel or a filter without openat2.
  for (const errno of ['ENOSYS', 'EPERM'] as const) {
    const also: Fault = { syscall: 'openat2', errno, skip: 0, count: ALWAYS };
    for (const other of OF_OPENAT2.filter((one) => one !== 'E2BIG'))
      add('openat', other, call, 'its own error', error(other), { also });
    add('openat', 'EINTR', call, 'is made again', handedOver(call, { allowed: true }), {
      ...{ also, count: 3 },
    });
  }
  // What is not a regular file was opened without waiting, and is read with it.
  for (const errno of ['EBADF', 'EINVAL', 'EPERM', 'EACCES', 'EAGAIN'] as const)
    for (const skip of [0, 1])
      add('fcntl', errno, call, 'its own error, and no file', error(errno), {
        ...{ path: '/dev/null', skip },
      });
}

for (const call of ['openMayExecSync', 'openMayExec'] as const) {
  for (const errno of OF_READ)
    add('pread64', errno, call, 'its own error, and no text', error(errno));
}

for (const call of ['checkExecSync', 'checkExec', 'checkInteractive of an fd'] as const) {
  for (const [syscall, errnos] of [
    ['capget', OF_CAPGET],
    ['fgetxattr', OF_FGETXATTR],
    ['fstatfs', OF_FSTATFS],
    ['fstat', OF_FSTAT],
  ] as const)
    for (const errno of errnos)
      add(
        syscall,
        errno,
        call,
        'the verdict stays what it is',
        { verdict: { allowed: false, errno: 'EACCES' } },
        { path: othersMay },
      );
  for (const errno of ['EPERM', 'EINVAL'] as const)
    add('prctl', errno, call, 'nobody knows whether the verdict binds', {
      error: { name: 'UnsupportedError', code: 'ERR_MAYEXEC_UNSUPPORTED', reason: 'filtered' },
    });
}

for (const call of ['checkExec', 'checkInteractive of an fd'] as const) {
  for (const errno of OF_EXECVEAT) {
    if (call === 'checkExec') add('execveat', errno, call, 'is thrown', error(errno));
    else {
      add('execveat', errno, call, 'no denial', { verdict: { allowed: null, errno } });
      add('execveat', errno, call, 'its own error', error(errno), { enforce: true });
    }
  }
  for (const errno of ['EACCES', 'EPERM'] as const)
    add('execveat', errno, call, 'a verdict', { verdict: { allowed: false, errno } });
}

/** A Worker has lanes of its own: threads that check. Its own thread is the first of the two. */
export const IN_WORKER = 'openMayExecSync in a Worker';
const answered = handedOver(IN_WORKER, { allowed: true });
const LANE = { skip: 1, count: 1 };
for (const errno of ['EINVAL', 'ENOMEM', 'ENOSPC', 'EPERM', 'ENOSYS'] as const)
  add('unshare', errno, IN_WORKER, 'a child makes the check', answered, { count: 1 });
const filtered = { error: { name: 'UnsupportedError', code: 'ERR_MAYEXEC_UNSUPPORTED' } };
for (const errno of ['EAGAIN', 'ENOMEM', 'EPERM'] as const) {
  const title = 'nobody can check, so no file';
  const of = (own: Errno): Outcome => (errno === 'EPERM' ? filtered : error(own));
  // pthread_create(3) knows no ENOMEM.
  add('clone3', errno, IN_WORKER, title, of('EAGAIN'), { ...LANE, enforce: true });
  const also: Fault = { syscall: 'unshare', errno: 'EPERM', skip: 0, count: 1 };
  add('clone', errno, IN_WORKER, title, of(errno), { count: 1, also, enforce: true });
}
