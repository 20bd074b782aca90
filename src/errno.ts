import { constants as os } from 'node:os';
import { getSystemErrorMap } from 'node:util';

/** What libuv's map and os.constants leave out, with asm-generic numbers. */
const missing: readonly (readonly [number, string, string])[] = [
  [117, 'EUCLEAN', 'structure needs cleaning'],
  [123, 'ENOMEDIUM', 'no medium found'],
  [124, 'EMEDIUMTYPE', 'wrong medium type'],
  [126, 'ENOKEY', 'required key not available'],
  [127, 'EKEYEXPIRED', 'key has expired'],
  [128, 'EKEYREVOKED', 'key has been revoked'],
  [129, 'EKEYREJECTED', 'key was rejected by service'],
  [131, 'ENOTRECOVERABLE', 'state not recoverable'],
  [133, 'EHWPOISON', 'memory page has hardware error'],
  [134, 'EFTYPE', 'wrong file type'],
];

/** Texts for what os.constants names and libuv does not describe. */
const texts: Readonly<Record<string, string>> = {
  EBADMSG: 'bad message',
  EDQUOT: 'disk quota exceeded',
  ESTALE: 'stale file handle',
};

interface Errno {
  readonly code: string;
  readonly text: string;
}

let table: Map<number, Errno> | undefined;

function build(): Map<number, Errno> {
  const result = new Map<number, Errno>();
  for (const [number, code, text] of missing) result.set(number, { code, text });
  for (const [code, number] of Object.entries(os.errno)) {
    result.set(number, { code, text: texts[code] ?? code });
  }
  // Last, so that libuv's name wins where two names share a number.
  for (const [number, [code, text]] of getSystemErrorMap()) result.set(-number, { code, text });
  return result;
}

/** Name and text of a negative errno, as Node would give them. */
export function describeErrno(errno: number): Errno {
  table ??= build();
  return table.get(-errno) ?? { code: `E${-errno}`, text: 'unknown error' };
}

/** The errnos on which something is decided, negative as the addon returns them. */
export const EPERM = -os.errno.EPERM;
export const ENOENT = -os.errno.ENOENT;
export const EBADF = -os.errno.EBADF;
export const EAGAIN = -os.errno.EAGAIN;
export const EACCES = -os.errno.EACCES;
export const EISDIR = -os.errno.EISDIR;
export const EINVAL = -os.errno.EINVAL;
export const ENOSYS = -os.errno.ENOSYS;
export const EOPNOTSUPP = -os.errno.EOPNOTSUPP;
export const EFTYPE = -134;
