import { getSystemErrorMap } from 'node:util';

import { MapPrototypeForEach } from './primordials.js';

const systemErrors = getSystemErrorMap;

interface Errno {
  readonly code: string;
  readonly text: string;
}

type Rows = readonly (readonly [number: number, code: string, text: string])[];
/** By positive numbers. Without a prototype, which the program could change. */
type Table = Record<number, Errno>;

/** Numbers above it are libuv's own errors. */
const LAST = 134;

/**
 * The errnos that libuv's map does not have. A file system or a security module may return any of
 * them. The numbers are asm-generic's, which hold on every architecture that Node is built for.
 */
const missing = (): Rows => [
  [8, 'ENOEXEC', 'exec format error'],
  [10, 'ECHILD', 'no child processes'],
  [15, 'ENOTBLK', 'block device required'],
  [33, 'EDOM', 'argument out of domain'],
  [35, 'EDEADLK', 'resource deadlock avoided'],
  [37, 'ENOLCK', 'no locks available'],
  [42, 'ENOMSG', 'no message of desired type'],
  [43, 'EIDRM', 'identifier removed'],
  [44, 'ECHRNG', 'channel number out of range'],
  [45, 'EL2NSYNC', 'level 2 not synchronized'],
  [46, 'EL3HLT', 'level 3 halted'],
  [47, 'EL3RST', 'level 3 reset'],
  [48, 'ELNRNG', 'link number out of range'],
  [50, 'ENOCSI', 'no CSI structure available'],
  [51, 'EL2HLT', 'level 2 halted'],
  [52, 'EBADE', 'invalid exchange'],
  [53, 'EBADR', 'invalid request descriptor'],
  [54, 'EXFULL', 'exchange full'],
  [55, 'ENOANO', 'no anode'],
  [56, 'EBADRQC', 'invalid request code'],
  [57, 'EBADSLT', 'invalid slot'],
  [59, 'EBFONT', 'bad font file format'],
  [60, 'ENOSTR', 'device is not a stream'],
  [62, 'ETIME', 'timer expired'],
  [63, 'ENOSR', 'out of streams resources'],
  [65, 'ENOPKG', 'package not installed'],
  [66, 'EREMOTE', 'object is remote'],
  [67, 'ENOLINK', 'link has been severed'],
  [68, 'EADV', 'advertise error'],
  [69, 'ESRMNT', 'srmount error'],
  [70, 'ECOMM', 'communication error on send'],
  [72, 'EMULTIHOP', 'multihop attempted'],
  [73, 'EDOTDOT', 'RFS specific error'],
  [74, 'EBADMSG', 'bad message'],
  [76, 'ENOTUNIQ', 'name not unique on network'],
  [77, 'EBADFD', 'file descriptor in bad state'],
  [78, 'EREMCHG', 'remote address changed'],
  [79, 'ELIBACC', 'cannot access a needed shared library'],
  [80, 'ELIBBAD', 'accessing a corrupted shared library'],
  [81, 'ELIBSCN', '.lib section in a.out is corrupted'],
  [82, 'ELIBMAX', 'too many shared libraries to link in'],
  [83, 'ELIBEXEC', 'cannot execute a shared library directly'],
  [85, 'ERESTART', 'interrupted system call should be restarted'],
  [86, 'ESTRPIPE', 'streams pipe error'],
  [87, 'EUSERS', 'too many users'],
  [96, 'EPFNOSUPPORT', 'protocol family not supported'],
  [102, 'ENETRESET', 'connection dropped by network on reset'],
  [109, 'ETOOMANYREFS', 'too many references: cannot splice'],
  [115, 'EINPROGRESS', 'operation now in progress'],
  [116, 'ESTALE', 'stale file handle'],
  [117, 'EUCLEAN', 'structure needs cleaning'],
  [118, 'ENOTNAM', 'not a XENIX named type file'],
  [119, 'ENAVAIL', 'no XENIX semaphores available'],
  [120, 'EISNAM', 'is a named type file'],
  [122, 'EDQUOT', 'disk quota exceeded'],
  [123, 'ENOMEDIUM', 'no medium found'],
  [124, 'EMEDIUMTYPE', 'wrong medium type'],
  [126, 'ENOKEY', 'required key not available'],
  [127, 'EKEYEXPIRED', 'key has expired'],
  [128, 'EKEYREVOKED', 'key has been revoked'],
  [129, 'EKEYREJECTED', 'key was rejected by service'],
  [130, 'EOWNERDEAD', 'owner died'],
  [131, 'ENOTRECOVERABLE', 'state not recoverable'],
  [132, 'ERFKILL', 'operation not possible due to RF-kill'],
  [133, 'EHWPOISON', 'memory page has hardware error'],
  [134, 'EFTYPE', 'wrong file type'],
];

let table: Table | undefined;

/** The errnos that this package returns itself, where libuv uses other numbers for them. */
const own: Rows = [
  [9, 'EBADF', 'bad file descriptor'],
  [21, 'EISDIR', 'illegal operation on a directory'],
];

function add(to: Table, rows: Rows): void {
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as Rows[number];
    to[row[0]] = { code: row[1], text: row[2] };
  }
}

/** A denial needs the table, so this works when the program has replaced the iterators. */
function build(): Table {
  const result = { __proto__: null } as unknown as Table;
  const isLinux = process.platform === 'linux';
  add(result, isLinux ? missing() : own);
  MapPrototypeForEach(systemErrors(), (error, number) => {
    if (!isLinux || -number <= LAST) result[-number] = { code: error[0], text: error[1] };
  });
  return result;
}

/** Name and text of a negative errno, as in Node's errors. */
export function describeErrno(errno: number): Errno {
  table ??= build();
  return table[-errno] ?? { code: `E${-errno}`, text: 'unknown error' };
}

/**
 * The errnos that decide something, negative as the addon returns them. The numbers are
 * asm-generic's.
 */
export const EPERM = -1;
export const ENOENT = -2;
export const EINTR = -4;
export const E2BIG = -7;
export const EBADF = -9;
export const ECHILD = -10;
export const EAGAIN = -11;
export const ENOMEM = -12;
export const EACCES = -13;
export const EISDIR = -21;
export const EINVAL = -22;
export const ENFILE = -23;
export const EMFILE = -24;
export const ENOSYS = -38;
export const ELOOP = -40;
export const EBADMSG = -74;
export const EOPNOTSUPP = -95;
export const EFTYPE = -134;
