import { constants } from './constants.js';
import { describeErrno } from './errno.js';
import type { Verdict } from './verdict.js';

const { defineProperty, hasOwn } = Object;

/** The arguments of a failed call, as they were passed. */
export interface SyscallArguments {
  path?: string | undefined;
  /** All files that a module search tried. */
  candidates?: readonly string[] | undefined;
  fd?: number | undefined;
  dir?: number | undefined;
  flags?: number | bigint | undefined;
  mode?: number | bigint | undefined;
  resolve?: number | bigint | undefined;
}

/**
 * Whether the program has put a field of the error on a prototype. A setter there would get
 * what is assigned. Assignment is several times as fast as Object.defineProperty.
 */
function isInherited(error: object): boolean {
  return (
    'code' in error ||
    'errno' in error ||
    'syscall' in error ||
    'path' in error ||
    'candidates' in error ||
    'fd' in error ||
    'dir' in error ||
    'flags' in error ||
    'mode' in error ||
    'resolve' in error
  );
}

function defineOwn(error: object, fields: Readonly<Record<string, unknown>>): void {
  for (const name in fields) {
    if (!hasOwn(fields, name) || fields[name] === undefined) continue;
    defineProperty(error, name, {
      __proto__: null,
      value: fields[name],
      enumerable: true,
      writable: true,
      configurable: true,
    } as PropertyDescriptor);
  }
}

function word(value: number | bigint): bigint;
function word(value: number | bigint | undefined): bigint | undefined;
function word(value: number | bigint | undefined): bigint | undefined {
  return value === 0 ? 0n : value === undefined ? undefined : BigInt(value);
}

/** A system call failed. `code`, `errno`, `syscall` and `path` are as in node:fs. */
export class SyscallError extends Error {
  /** The errno's name, such as `ENOENT`. */
  declare readonly code: string;
  /** The errno, negative as in libuv. */
  declare readonly errno: number;
  /** The system call, or libuv's name for it, such as `read`. */
  declare readonly syscall: string;
  /** The file, when the call named one. */
  declare readonly path?: string;
  /** All files that a module search tried, when none of them exists. */
  declare readonly candidates?: readonly string[];
  /** The open file, when the call took an fd. */
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
    const todo = advice ?? adviceFor(code, syscall);
    const object =
      args.path !== undefined ? ` '${args.path}'` : args.fd !== undefined ? ` fd ${args.fd}` : '';
    super(`${code}: ${text}, ${syscall}${object}${todo === undefined ? '' : `: ${todo}`}`);
    const { path, candidates, fd, dir, flags, mode, resolve } = args;
    if (isInherited(this)) {
      const words = { flags: word(flags), mode, resolve: word(resolve) };
      defineOwn(this, { code, errno, syscall, path, candidates, fd, dir, ...words });
      return;
    }
    this.code = code;
    this.errno = errno;
    this.syscall = syscall;
    if (path !== undefined) this.path = path;
    if (candidates !== undefined) this.candidates = candidates;
    if (fd !== undefined) this.fd = fd;
    if (dir !== undefined) this.dir = dir;
    if (flags !== undefined) this.flags = word(flags);
    if (mode !== undefined) this.mode = mode;
    if (resolve !== undefined) this.resolve = word(resolve);
  }

  /**
   * Every field, for logs. `flags` and `resolve` are hexadecimal strings, because JSON has no
   * bigint.
   */
  toJSON(): Record<string, unknown> {
    const json: Record<string, unknown> = { name: this.name, message: this.message };
    for (const [name, value] of Object.entries(this) as [string, unknown][]) {
      json[name] = typeof value === 'bigint' ? `0x${value.toString(16)}` : value;
    }
    return json;
  }
}

/** The policy refuses the file or the code. */
export class ExecDeniedError extends SyscallError {
  /** The answer of the check, and its reason. */
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

/** EXDEV: the path leads out of the place to which `resolve` restricts it. */
export class PathEscapeError extends SyscallError {}
/** ELOOP: a symbolic link that `resolve` or O_NOFOLLOW forbids, or too many of them. */
export class SymlinkError extends SyscallError {}
/** ENOENT, ENOTDIR. */
export class NotFoundError extends SyscallError {}
/** EACCES or EPERM from the call itself, not from the exec check. */
export class PermissionError extends SyscallError {}
/** EISDIR, EFTYPE, ENXIO. */
export class FileTypeError extends SyscallError {}
/** ETXTBSY, after retries: some process has the file open for writing. */
export class FileBusyError extends SyscallError {}
/** EAGAIN, after retries, or a RESOLVE_CACHED miss. */
export class RetryError extends SyscallError {}
/** EINVAL, E2BIG, EBADF, ENAMETOOLONG. */
export class InvalidArgumentError extends SyscallError {}
/** EMFILE, ENFILE, ENOMEM. */
export class ResourceError extends SyscallError {}

/**
 * Why the feature is missing. `platform`: the system is not Linux. `kernel`: the kernel is too old
 * or built without it. `filtered`: a seccomp filter refuses the call. `addon`: the native addon
 * cannot be loaded.
 */
export type UnsupportedReason = 'platform' | 'kernel' | 'filtered' | 'addon';

/** This machine lacks a feature that the call needs. `reason` says why. */
export class UnsupportedError extends Error {
  /** The same code for every reason. */
  readonly code = 'ERR_MAYEXEC_UNSUPPORTED';
  /** Why the feature is missing. */
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

// The names are written out because a minifier renames the classes.
for (const [name, type] of Object.entries(types)) {
  Object.defineProperty(type, 'name', { value: name });
  // node:util.inspect and stack traces look for `name` on the prototype.
  Object.defineProperty(type.prototype, 'name', {
    value: name,
    writable: true,
    configurable: true,
  });
  // `instanceof` must work across copies: the preload has these classes in its own bundle and
  // throws into programs that import them from here.
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

/** The class of the error for a negative errno. It is never ExecDeniedError, which needs a verdict. */
export function errorClass(errno: number, args: SyscallArguments): typeof SyscallError {
  const { code } = describeErrno(errno);
  if (code === 'EXDEV' && (BigInt(args.resolve ?? 0) & confining) !== 0n) return PathEscapeError;
  return byCode[code] ?? SyscallError;
}

/** The typed error for a negative errno. */
export function syscallError(errno: number, syscall: string, args: SyscallArguments): SyscallError {
  return new (errorClass(errno, args))(errno, syscall, args);
}

/** The same error of node:fs about the file that was asked for, and not about a temporary one. */
export function aboutFile(path: string, error: unknown): unknown {
  const { errno, syscall } = error as NodeJS.ErrnoException;
  return errno === undefined || syscall === undefined
    ? error
    : syscallError(errno, syscall, { path });
}

/** What an errno means here, and what to do. */
function adviceFor(code: string, syscall: string): string | undefined {
  if (code === 'ETXTBSY') return busyAdvice(syscall);
  if (code === 'EFBIG' && syscall === 'read') return TOO_LARGE;
  return code === 'EBADFD' ? EXCHANGED : undefined;
}

const TOO_LARGE =
  'it has 2 GiB or more, or more text than a string can have. A stream reads it in pieces';

const EXCHANGED =
  'while it was checked and read, another thread closed its fd or put another file under the number. Look for code that closes an fd twice';

/**
 * The kernel refuses to run a file that is open for writing, and to write a file that runs or is
 * being checked.
 */
const busyAdvice = (syscall: string): string =>
  syscall === 'execveat'
    ? 'a process has it open for writing. Save by writing a new file and renaming it to this name'
    : 'a program runs it or a check is under way. Write a new file and rename it to this name';
