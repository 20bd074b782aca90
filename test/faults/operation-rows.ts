/**
 * The rows of the addon's own operations. Most operations give the errno of the call that failed.
 */
import { constants } from 'node:os';

import {
  add,
  error,
  OF_CAPGET,
  OF_FGETXATTR,
  OF_FSTAT,
  OF_FSTATFS,
  OF_OPENAT2,
  OF_READ,
  othersMay,
  rows,
  type Errno,
  type Fault,
} from './rows.js';
import type { Syscall } from './system-calls.js';

const number = (errno: Errno): number => -constants.errno[errno];
const OF_FCNTL: readonly Errno[] = ['EACCES', 'EAGAIN', 'EBADF', 'EINVAL', 'EMFILE', 'EPERM'];
const OF_PRCTL: readonly Errno[] = ['EINVAL', 'EPERM', 'EFAULT', 'ENOSYS'];
const OF_ACCESS: readonly Errno[] = [
  ...(['EACCES', 'EBADF', 'EFAULT', 'EINVAL', 'EIO', 'ELOOP', 'ENAMETOOLONG', 'ENOENT'] as const),
  ...(['ENOMEM', 'ENOTDIR', 'EROFS', 'ETXTBSY'] as const),
];
const OF_LANDLOCK: readonly Errno[] = ['EINVAL', 'EFAULT', 'E2BIG', 'ENOMSG', 'EBADF'];

/** Operation, system call, its errnos, and how many of these calls succeed first. */
const own: readonly (readonly [string, Syscall, readonly Errno[], number?])[] = [
  ['openat2Probe', 'openat2', OF_OPENAT2],
  ['clipOsOpen', 'openat', OF_OPENAT2.filter((errno) => errno !== 'E2BIG')],
  ['execCheckProbe', 'execveat', ['EINVAL', 'ENOSYS', 'EPERM', 'ENOMEM', 'EAGAIN', 'EMFILE']],
  ['readFileSync', 'fstat', OF_FSTAT],
  ['readFileSync', 'pread64', OF_READ],
  ['imageRead', 'pread64', OF_READ],
  ['fileMode', 'fstat', OF_FSTAT],
  ['fileIdentity', 'fstat', OF_FSTAT],
  ['execAccess', 'faccessat2', OF_ACCESS],
  ['modeGrants', 'fstat', OF_FSTAT],
  ['onNoexecMount', 'fstatfs', OF_FSTATFS],
  ['kernelFile', 'fstatfs', OF_FSTATFS],
  ['getSecurebits', 'prctl', OF_PRCTL],
  ['setSecurebits', 'prctl', OF_PRCTL, 1],
  ['userNamespace', 'pidfd_open', ['EINVAL', 'EMFILE', 'ENFILE', 'ENODEV', 'ENOMEM', 'ENOSYS']],
  ['userNamespace', 'ioctl', ['ENOTTY', 'EOPNOTSUPP', 'EMFILE', 'ESRCH']],
  ['userNamespace', 'fstat', OF_FSTAT],
  ['landlockAbi', 'landlock_create_ruleset', [...OF_LANDLOCK, 'EOPNOTSUPP', 'ENOSYS', 'EPERM']],
  ['lockFile', 'flock', ['EBADF', 'EINVAL', 'ENOLCK', 'EWOULDBLOCK']],
  ['inheritFd', 'fcntl', OF_FCNTL],
  ['moveFd', 'dup3', ['EBADF', 'EBUSY', 'EINTR', 'EINVAL', 'EMFILE']],
  ['listDirectory', 'getdents64', ['EBADF', 'EFAULT', 'EINVAL', 'ENOENT', 'ENOTDIR', 'EIO']],
  ['listDirectory', 'getdents64', ['EIO'], 1],
  [
    'datagramConnect',
    'socket',
    [
      'EACCES',
      'EAFNOSUPPORT',
      'EINVAL',
      'EMFILE',
      'ENFILE',
      'ENOBUFS',
      'ENOMEM',
      'EPROTONOSUPPORT',
    ],
  ],
  [
    'datagramConnect',
    'connect',
    ['EACCES', 'EPERM', 'EADDRINUSE', 'EAFNOSUPPORT', 'EAGAIN', 'EBADF', 'ECONNREFUSED'],
  ],
  [
    'datagramConnect',
    'connect',
    ['EFAULT', 'EINTR', 'EISCONN', 'ENOTSOCK', 'EPROTOTYPE', 'ETIMEDOUT'],
  ],
  [
    'execute',
    'execve',
    ['E2BIG', 'EACCES', 'EAGAIN', 'EFAULT', 'EINVAL', 'EIO', 'EISDIR', 'ELOOP'],
  ],
  ['execute', 'execve', ['EMFILE', 'ENAMETOOLONG', 'ENFILE', 'ENOEXEC', 'ENOMEM', 'ENOTDIR']],
  ['execute', 'execve', ['EPERM', 'ETXTBSY']],
  ['execute', 'fcntl', OF_FCNTL.filter((errno) => errno !== 'EBADF')],
  ['execute', 'fcntl', OF_FCNTL, 1],
];
for (const [operation, syscall, errnos, skip = 0] of own)
  for (const errno of errnos)
    add(syscall, errno, `addon.${operation}`, 'its errno', { value: number(errno) }, { skip });

for (const [operation, syscall, gives] of [
  ['readFileSync', 'pread64', 'text'],
  ['imageRead', 'pread64', 'text'],
  ['lockFile', 'flock', 0],
  ['listDirectory', 'getdents64', 'fexecutable\0'],
  ['openat2Probe', 'openat2', 0],
] as const)
  add(syscall, 'EINTR', `addon.${operation}`, 'is made again', { value: gives }, { count: 3 });

// What says nothing about a file leaves it to what is asked next.
for (const errno of OF_CAPGET)
  add('capget', errno, 'addon.modeGrants', 'no capability', { value: 0 }, { path: othersMay });
for (const errno of OF_FGETXATTR)
  add('fgetxattr', errno, 'addon.modeGrants', 'no list', { value: 0 }, { path: othersMay });
for (const errno of ['ENOSYS', 'EPERM'] as const) {
  const also: Fault = { syscall: 'faccessat2', errno, skip: 0, count: 1 };
  for (const other of OF_ACCESS)
    add('faccessat', other, 'addon.execAccess', 'its errno', { value: number(other) }, { also });
  add('faccessat2', errno, 'addon.execAccess', 'the older call is asked', { value: 0 });
}

// The first number is too high for a process with few; then the second is tried.
add('fcntl', 'EINVAL', 'addon.inheritFd', 'a lower number', { value: 'fd' }, { skip: 1 });
for (const errno of ['EINVAL', 'EMFILE'] as const)
  add(
    'fcntl',
    errno,
    'addon.inheritFd',
    'its errno',
    { value: number(errno) },
    { skip: 1, count: 2 },
  );
// F_GETFL and F_DUPFD of the given fd, then F_GETFL, F_GETFD and F_SETFD of the duplicate.
for (const errno of OF_FCNTL)
  for (const skip of [2, 3, 4])
    add(
      'fcntl',
      errno,
      'addon.inheritFd of what may be inherited',
      'its errno',
      { value: number(errno) },
      { skip, count: 1 },
    );
// An fd that is closed has nothing to keep.
add('fcntl', 'EBADF', 'addon.execute', 'goes on', { value: number('ENOENT') }, { count: 1 });

for (const errno of ['EBADF', 'EFAULT', 'EINVAL', 'ENOMEM', 'EIO', 'EACCES', 'EPERM'] as const)
  add('execveat', errno, 'addon.checkNames', 'is the answer about the name', {
    value: [0, number(errno), 0o100755],
  });
for (const errno of ['EACCES', 'ENOENT', 'EIO'] as const)
  add(
    'newfstatat',
    errno,
    'addon.checkNames',
    'its mode stays unknown',
    { value: [0, number('EACCES'), 0] },
    { also: { syscall: 'execveat', errno: 'EACCES', skip: 0, count: 1 } },
  );

// A file that is missing, or that the caller may not look at, is no program.
const ABSENT: readonly Errno[] = ['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG', 'EACCES', 'EPERM'];
for (const [syscall, errnos] of [
  ['newfstatat', [...OF_FSTAT, ...ABSENT]],
  ['openat', [...OF_OPENAT2.filter((errno) => errno !== 'E2BIG' && errno !== 'EAGAIN'), 'EPERM']],
  ['fstat', OF_FSTAT],
  ['pread64', OF_READ],
] as const)
  for (const errno of errnos as readonly Errno[])
    add(
      syscall,
      errno,
      'addon.programFile',
      ABSENT.includes(errno) ? 'no program' : 'its errno',
      { value: ABSENT.includes(errno) ? 0 : number(errno) },
      { count: 1 },
    );

add(
  'openat',
  'EAGAIN',
  'addon.programFile',
  'the holder of a lease is waited for',
  { value: 0 },
  { count: 3 },
);

const UNSUPPORTED = { name: 'UnsupportedError', code: 'ERR_MAYEXEC_UNSUPPORTED' };
for (const [errno, reason] of [
  ['ENOSYS', 'kernel'],
  ['EOPNOTSUPP', 'kernel'],
  ['EPERM', 'filtered'],
] as const)
  add('landlock_create_ruleset', errno, 'restrictExec', 'says why', {
    error: { ...UNSUPPORTED, reason },
  });
for (const errno of ['ENOMSG', 'EFAULT', 'ENOMEM', 'EMFILE'] as const) {
  const title = 'its own error, and no restriction';
  add('landlock_create_ruleset', errno, 'restrictExec', title, error(errno), { skip: 1 });
  add('landlock_add_rule', errno, 'restrictExec', title, error(errno));
  add('landlock_add_rule', errno, 'restrictExec', title, error(errno), { skip: 1 });
  add('landlock_restrict_self', errno, 'restrictExec', title, error(errno));
}
for (const errno of OF_OPENAT2)
  for (const skip of [0, 1])
    add('openat2', errno, 'restrictExec', 'its own error, and no restriction', error(errno), {
      skip,
    });
for (const errno of OF_PRCTL)
  add('prctl', errno, 'restrictExec', 'the error of what it was for', error('EPERM'), {
    also: { syscall: 'landlock_restrict_self', errno: 'EPERM', skip: 0, count: 2 },
  });
for (const errno of ['EPERM', 'E2BIG'] as const)
  add('landlock_restrict_self', errno, 'restrictExec', 'its own error', error(errno), { count: 2 });

for (const errno of OF_PRCTL) {
  const nobodyKnows = { ...UNSUPPORTED, reason: 'filtered' };
  add('prctl', errno, 'getSecurebits', 'nobody knows them', { securebits: null });
  add('prctl', errno, 'checkInteractive', 'nobody knows the policy', { error: nobodyKnows });
}
for (const [syscall, errno, gives] of [
  ['openat2', 'ENOSYS', { openat2: { status: 'filtered', errno: 'ENOSYS' } }],
  ['openat2', 'EPERM', { openat2: { status: 'filtered', errno: 'EPERM' } }],
  ['openat2', 'EMFILE', { openat2: { status: 'unavailable', errno: 'EMFILE' } }],
  ['openat2', 'EINTR', { openat2: { status: 'supported' } }],
  ['execveat', 'ENOSYS', { execveCheck: { status: 'filtered', errno: 'ENOSYS' } }],
  ['execveat', 'EPERM', { execveCheck: { status: 'filtered', errno: 'EPERM' } }],
  ['execveat', 'EINVAL', { execveCheck: { status: 'unsupported', errno: 'EINVAL' } }],
  ['execveat', 'ENOMEM', { execveCheck: { status: 'unavailable', errno: 'ENOMEM' } }],
  ['openat', 'EMFILE', { mechanism: 'at_execve_check' }],
  ['prctl', 'EPERM', { mechanism: 'at_execve_check' }],
] as const)
  add(
    syscall,
    errno,
    'probe',
    'says so',
    { value: gives },
    { count: errno === 'EINTR' ? 3 : 1000 },
  );

// What makes no system call cannot fail; a call that it makes one day is seen here.
for (const call of [
  ...['isEnforced', 'addonsAreClosed', 'loadedLibraries', 'libraryPath', 'isFirstTime'],
  ...['sha256', 'imageFind', 'imageIsSource'],
])
  rows.push({
    ...{ title: `addon.${call} makes no system call`, faults: [], call: `addon.${call}` },
    ...{ path: '', enforce: false, outcome: {} },
  });
