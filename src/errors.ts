import { constants } from './constants.js';
import { describeErrno } from './errno.js';
import type { Verdict } from './verdict.js';

/** The arguments of a failed call, as they were passed. */
export interface SyscallArguments {
  path?: string | undefined;
  /** All that a module search tried. */
  candidates?: readonly string[] | undefined;
  fd?: number | undefined;
  dir?: number | undefined;
  flags?: bigint | undefined;
  mode?: number | bigint | undefined;
  resolve?: bigint | undefined;
}

/** A system call said no. `code`, `errno`, `syscall` and `path` are as in node:fs. */
export class SyscallError extends Error {
  /** The errno's name, such as `ENOENT`. */
  readonly code: string;
  /** The errno, negative as in libuv. */
  readonly errno: number;
  /** What was called: a system call, or what libuv calls it, such as `read`. */
  readonly syscall: string;
  /** The file, where one was named. */
  declare readonly path?: string;
  /** All that a search for modules tried, where none was there. */
  declare readonly candidates?: readonly string[];
  /** The open file, where an fd was given. */
  declare readonly fd?: number;
  /** The directory that `path` starts from. */
  declare readonly dir?: number;
  /** O_* bits of the call. */
  declare readonly flags?: bigint;
  /** Permission bits of the call. */
  declare readonly mode?: number | bigint;
  /** RESOLVE_* bits of the call. */
  declare readonly resolve?: bigint;

  constructor(errno: number, syscall: string, args: SyscallArguments, advice?: string) {
    const { code, text } = describeErrno(errno);
    const object =
      args.path !== undefined ? ` '${args.path}'` : args.fd !== undefined ? ` fd ${args.fd}` : '';
    super(`${code}: ${text}, ${syscall}${object}${advice === undefined ? '' : `: ${advice}`}`);
    this.code = code;
    this.errno = errno;
    this.syscall = syscall;
    for (const [name, value] of Object.entries(args)) {
      if (value !== undefined) {
        Object.defineProperty(this, name, {
          value,
          enumerable: true,
          writable: true,
          configurable: true,
        });
      }
    }
  }

  /** Every field, for logs: JSON has no bigint, so `flags` and `resolve` are hexadecimal there. */
  toJSON(): Record<string, unknown> {
    const json: Record<string, unknown> = { name: this.name, message: this.message };
    for (const [name, value] of Object.entries(this) as [string, unknown][]) {
      json[name] = typeof value === 'bigint' ? `0x${value.toString(16)}` : value;
    }
    return json;
  }
}

/** The policy refuses to hand the file over, or the code to be run. */
export class ExecDeniedError extends SyscallError {
  /** What the answer was, and why. */
  readonly verdict: Verdict;

  constructor(
    errno: number,
    syscall: string,
    args: SyscallArguments,
    verdict: Verdict,
    advice: string,
  ) {
    super(errno, syscall, args, advice);
    this.verdict = verdict;
  }
}

/** EXDEV: the path leads out of where `resolve` keeps it. */
export class PathEscapeError extends SyscallError {}
/** ELOOP: a symbolic link that `resolve` or O_NOFOLLOW forbids, or too many of them. */
export class SymlinkError extends SyscallError {}
/** ENOENT, ENOTDIR. */
export class NotFoundError extends SyscallError {}
/** EACCES or EPERM of the call itself, not of the exec check. */
export class PermissionError extends SyscallError {}
/** EISDIR, EFTYPE, ENXIO. */
export class FileTypeError extends SyscallError {}
/** ETXTBSY, after retries: the file is open for writing somewhere. */
export class FileBusyError extends SyscallError {}
/** EAGAIN, after retries, or a RESOLVE_CACHED miss. */
export class RetryError extends SyscallError {}
/** EINVAL, E2BIG, EBADF, ENAMETOOLONG. */
export class InvalidArgumentError extends SyscallError {}
/** EMFILE, ENFILE, ENOMEM. */
export class ResourceError extends SyscallError {}

/**
 * Whose fault it is: the system is not Linux, the kernel is too old or built without it, a
 * seccomp filter refuses the call, or the native addon cannot be loaded.
 */
export type UnsupportedReason = 'platform' | 'kernel' | 'filtered' | 'addon';

/** What was asked for cannot be had here; `reason` says whose fault that is. */
export class UnsupportedError extends Error {
  /** The same for all of them, as Node's own errors have it. */
  readonly code = 'ERR_MAYEXEC_UNSUPPORTED';
  /** Whose fault it is. */
  readonly reason: UnsupportedReason;

  constructor(reason: UnsupportedReason, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.reason = reason;
  }
}

const ordinaryInstanceOf = Function.prototype[Symbol.hasInstance];

const types = {
  SyscallError,
  ExecDeniedError,
  PathEscapeError,
  SymlinkError,
  NotFoundError,
  PermissionError,
  FileTypeError,
  FileBusyError,
  RetryError,
  InvalidArgumentError,
  ResourceError,
  UnsupportedError,
};

// By names that are written out: a minifier gives the classes others.
for (const [name, type] of Object.entries(types)) {
  Object.defineProperty(type, 'name', { value: name });
  // On the prototypes, where node:util.inspect and stack traces look for it.
  Object.defineProperty(type.prototype, 'name', {
    value: name,
    writable: true,
    configurable: true,
  });
  // The preload is a bundle with classes of its own, and throws into programs that import these.
  const brand = Symbol.for(`mayexec.${name}`);
  Object.defineProperty(type.prototype, brand, { value: true });
  Object.defineProperty(type, Symbol.hasInstance, {
    value(this: unknown, error: unknown): boolean {
      if (this !== type) return Reflect.apply(ordinaryInstanceOf, this as never, [error]);
      return typeof error === 'object' && error !== null && brand in error;
    },
  });
}

const byCode: Readonly<Record<string, typeof SyscallError>> = {
  ELOOP: SymlinkError,
  ENOENT: NotFoundError,
  ENOTDIR: NotFoundError,
  EACCES: PermissionError,
  EPERM: PermissionError,
  EISDIR: FileTypeError,
  EFTYPE: FileTypeError,
  ENXIO: FileTypeError,
  ETXTBSY: FileBusyError,
  EAGAIN: RetryError,
  EINVAL: InvalidArgumentError,
  E2BIG: InvalidArgumentError,
  EBADF: InvalidArgumentError,
  ENAMETOOLONG: InvalidArgumentError,
  EMFILE: ResourceError,
  ENFILE: ResourceError,
  ENOMEM: ResourceError,
};

const confining = BigInt(
  constants.RESOLVE_BENEATH | constants.RESOLVE_IN_ROOT | constants.RESOLVE_NO_XDEV,
);

/** The typed error for a negative errno; never ExecDeniedError, which takes a verdict. */
export function syscallError(errno: number, syscall: string, args: SyscallArguments): SyscallError {
  const { code } = describeErrno(errno);
  let type = byCode[code] ?? SyscallError;
  if (code === 'EXDEV' && ((args.resolve ?? 0n) & confining) !== 0n) type = PathEscapeError;
  return new type(errno, syscall, args, code === 'ETXTBSY' ? busyAdvice(syscall) : undefined);
}

/** The kernel lets nobody run what is open for writing, nor write what runs or is being checked. */
const busyAdvice = (syscall: string): string =>
  syscall === 'execveat'
    ? 'somebody has it open for writing. Save by writing a new file and renaming it to this name'
    : 'a program runs it or a check is under way. Write a new file and rename it to this name';
