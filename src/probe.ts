import { readFileSync } from 'node:fs';

import { addon, type Addon } from './addon.js';
import { constants } from './constants.js';
import {
  describeErrno,
  EACCES,
  EAGAIN,
  EBADF,
  EFTYPE,
  EINTR,
  EINVAL,
  EISDIR,
  EMFILE,
  ENFILE,
  ENOENT,
  ENOMEM,
  ENOSYS,
  EPERM,
} from './errno.js';
import { emulator } from './emulator.js';
import type { UnsupportedError, UnsupportedReason } from './errors.js';
import { kernelRelease } from './kernel-release.js';
import { refusedBy } from './openat2.js';
import { decodeSecurebits, type Securebits } from './securebits.js';
import type { Mechanism } from './verdict.js';

/**
 * `filtered`: a seccomp filter answers instead of the kernel. `unavailable`: the question could not
 * be asked.
 */
export type Status = 'supported' | 'unsupported' | 'filtered' | 'unavailable';

/** One feature, and the errno that showed its status. */
export interface Feature {
  /** Whether the feature works here, or why not. */
  status: Status;
  /** The errno's name, such as `ENOSYS`. Absent when the call succeeded. */
  errno?: string;
}

/**
 * Which O_MAYEXEC the kernel has.
 *
 * `v5` and `v6` are the patch series' flag of openat2. A directory answers EACCES up to v5, and
 * EISDIR in v6 and v7. `clip-os` is the flag of open that CLIP OS 4 has. It checks the mount alone.
 * It is found only while one of /proc, /sys, /run, /dev/pts and /dev/shm is mounted with noexec.
 */
export type Dialect = 'v5' | 'v6' | 'clip-os';

/** What this machine can do. */
export interface Probe {
  /** As process.platform. */
  platform: NodeJS.Platform;
  /** As process.arch. */
  arch: NodeJS.Architecture;
  /** The kernel's release, as uname(2) gives it. */
  kernel: string;
  /** Whether the native addon could be loaded, and why not. */
  addon: Feature & { reason?: UnsupportedReason; message?: string };
  /** openat2(2), each of its resolve flags, OPENAT2_REGULAR and O_EMPTYPATH. */
  openat2: Feature & {
    resolve: Record<
      'beneath' | 'inRoot' | 'noSymlinks' | 'noMagiclinks' | 'noXdev' | 'cached',
      Feature
    >;
    regular: Feature;
    emptyPath: Feature;
  };
  /** The flag of the unmerged series. `sysctl` says whether fs.open_mayexec_enforce exists. */
  oMayExec: Feature & { dialect?: Dialect; sysctl?: boolean };
  /** execveat(2) with AT_EXECVE_CHECK. */
  execveCheck: Feature;
  /** As getSecurebits(). */
  securebits: Securebits | null;
  /** The active security modules, in the kernel's order; `null` when securityfs is not mounted. */
  securityModules: string[] | null;
  /** What openMayExec would use now. */
  mechanism: Mechanism;
}

const told = (status: Status, errno?: number): Feature =>
  errno === undefined || errno >= 0 ? { status } : { status, errno: describeErrno(errno).code };

/** Errnos that say nothing about a feature, because the next attempt may succeed. */
function isTransient(errno: number): boolean {
  switch (errno) {
    case EAGAIN:
    case EINTR:
    case EMFILE:
    case ENFILE:
    case ENOMEM:
      return true;
    default:
      return false;
  }
}

/**
 * The status by the errno of execveat on fd -1. The kernel checks the flags before the fd, and
 * nothing can be executed. Every kernel that Node runs on has execveat(2). An old kernel answers
 * EINVAL and an emulator ENOSYS, so every other errno comes from a filter.
 */
function statusOfCheck(errno: number): Status {
  if (errno === EBADF) return 'supported';
  if (isTransient(errno)) return 'unavailable';
  const unknown = errno === EINVAL || (errno === ENOSYS && emulator() !== null);
  return unknown ? 'unsupported' : 'filtered';
}

/** Every start of Node calls this, so it does not build the table of errno names. */
export function execveCheckStatus(native: Addon): Status {
  return statusOfCheck(native.execCheckProbe());
}

function probeExecveCheck(native: Addon): Feature {
  const errno = native.execCheckProbe();
  return told(statusOfCheck(errno), errno);
}

export function hasExecveCheck(native: Addon): boolean {
  return execveCheckStatus(native) === 'supported';
}

/**
 * The bit was never merged, and other features were proposed on it. Only the patch series refuses a
 * directory, so only that refusal proves that the kernel has it.
 */
export function dialectOf(plain: number, withFlag: number): Dialect | null {
  if (plain !== 0) return null;
  if (withFlag === EACCES) return 'v5';
  if (withFlag === EISDIR) return 'v6';
  return null;
}

/** What most systems mount with noexec. */
const NOEXEC_MOUNTS = ['/proc', '/sys', '/run', '/dev/pts', '/dev/shm'];

/** No other kernel refuses a directory for that bit, which it drops in silence. */
function isClipOs(native: Addon): boolean {
  return NOEXEC_MOUNTS.some(
    (path) => native.clipOsOpen(path, 0) === 0 && native.clipOsOpen(path, 1) === EACCES,
  );
}

export function probeOMayExec(native: Addon): Probe['oMayExec'] {
  const series = probeSeries(native);
  if (series.status === 'supported' || !isClipOs(native)) return series;
  return { ...told('supported', EACCES), dialect: 'clip-os', sysctl: false };
}

/** The flag of openat2. */
function probeSeries(native: Addon): Probe['oMayExec'] {
  const open = (flags: number): number =>
    native.openat2Probe(constants.AT_FDCWD, '/', BigInt(flags), 0n);
  const plain = open(constants.O_RDONLY);
  if (plain === ENOSYS || plain === EPERM) return told(statusOfRefusal(plain), plain);
  if (plain < 0) return told('unavailable', plain);
  const withFlag = open(constants.O_RDONLY | constants.O_MAYEXEC);
  const dialect = dialectOf(plain, withFlag);
  if (dialect === null) {
    return told(isTransient(withFlag) ? 'unavailable' : 'unsupported', withFlag);
  }
  // Test that the file exists. Only root may read it.
  return {
    ...told('supported', withFlag),
    dialect,
    sysctl: exists('/proc/sys/fs/open_mayexec_enforce', native),
  };
}

function exists(path: string, native: Addon): boolean {
  return native.openat2Probe(constants.AT_FDCWD, path, BigInt(constants.O_PATH), 0n) === 0;
}

function statusOfRefusal(errno: number): Status {
  return refusedBy(errno) === 'filtered' ? 'filtered' : 'unsupported';
}

function probeOpenat2(native: Addon): Probe['openat2'] {
  const open = (path: string, flags: bigint, resolve: number): number =>
    native.openat2Probe(constants.AT_FDCWD, path, flags, BigInt(resolve));
  const O_PATH = BigInt(constants.O_PATH);
  const plain = open('.', O_PATH, 0);
  if (plain === ENOSYS || plain === EPERM)
    return openat2Everywhere(told(statusOfRefusal(plain), plain));
  if (isTransient(plain)) return openat2Everywhere(told('unavailable', plain));

  const absent = (errno: number): Feature =>
    told(isTransient(errno) ? 'unavailable' : 'unsupported', errno);
  // The kernel checks the flags before the path, so any answer but EINVAL accepts them. EAGAIN is a
  // miss of RESOLVE_CACHED.
  const resolve = (bit: number): Feature => {
    const errno = open('.', O_PATH, bit);
    if (errno === EINVAL) return told('unsupported', errno);
    return errno === EAGAIN || !isTransient(errno) ? told('supported') : told('unavailable', errno);
  };
  const regular = open('/', constants.OPENAT2_REGULAR, 0);
  const emptyPath = open('', O_PATH | BigInt(constants.O_EMPTYPATH), 0);
  return {
    ...told('supported'),
    resolve: {
      beneath: resolve(constants.RESOLVE_BENEATH),
      inRoot: resolve(constants.RESOLVE_IN_ROOT),
      noSymlinks: resolve(constants.RESOLVE_NO_SYMLINKS),
      noMagiclinks: resolve(constants.RESOLVE_NO_MAGICLINKS),
      noXdev: resolve(constants.RESOLVE_NO_XDEV),
      cached: resolve(constants.RESOLVE_CACHED),
    },
    regular: regular === EFTYPE ? told('supported', regular) : absent(regular),
    // A kernel that ignores the bit refuses the empty path.
    emptyPath:
      emptyPath === ENOENT || emptyPath === EINVAL || isTransient(emptyPath)
        ? absent(emptyPath)
        : told('supported'),
  };
}

/** openat2 with the same status for each of its parts. */
function openat2Everywhere(feature: Feature): Probe['openat2'] {
  const copy = (): Feature => ({ ...feature });
  return {
    ...feature,
    resolve: {
      beneath: copy(),
      inRoot: copy(),
      noSymlinks: copy(),
      noMagiclinks: copy(),
      noXdev: copy(),
      cached: copy(),
    },
    regular: copy(),
    emptyPath: copy(),
  };
}

function securityModules(): string[] | null {
  try {
    return readFileSync('/sys/kernel/security/lsm', 'utf8').trim().split(',').filter(Boolean);
  } catch {
    return null;
  }
}

/**
 * Reports which features this machine has. Each call asks again, leaves nothing behind and never
 * throws: a feature that cannot be probed is `unavailable`. Works on every platform.
 */
export function probe(): Probe {
  const base = { platform: process.platform, arch: process.arch, kernel: kernelRelease() };
  let native: Addon;
  try {
    native = addon();
  } catch (error) {
    const { reason, message } = error as UnsupportedError;
    const nobody = told('unavailable');
    return {
      ...base,
      addon: { status: reason === 'platform' ? 'unsupported' : 'unavailable', reason, message },
      openat2: openat2Everywhere(nobody),
      oMayExec: { ...nobody },
      execveCheck: { ...nobody },
      securebits: null,
      securityModules: process.platform === 'linux' ? securityModules() : null,
      mechanism: 'none',
    };
  }
  const oMayExec = probeOMayExec(native);
  const execveCheck = probeExecveCheck(native);
  const word = native.getSecurebits();
  return {
    ...base,
    addon: told('supported'),
    openat2: probeOpenat2(native),
    oMayExec,
    execveCheck,
    securebits: word < 0 ? null : decodeSecurebits(word),
    securityModules: securityModules(),
    mechanism:
      execveCheck.status === 'supported'
        ? 'at_execve_check'
        : oMayExec.status === 'supported'
          ? 'o_mayexec'
          : 'none',
  };
}
