import { accessSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { inspect, types } from 'node:util';

import { constants } from './constants.js';
import { EBADF } from './errno.js';
import { syscallError } from './errors.js';

/** As in node:fs: a string, bytes, or a `file:` URL. */
export type PathLike = string | Uint8Array | URL;

/** An open file: its number, or an object with an `fd`, such as a FileHandle or an ExecFile. */
export type FdLike = number | { readonly fd: number };

/** The flags of openat2(2) that restrict where a path may lead, by name. */
export interface Resolve {
  /** RESOLVE_BENEATH: `..`, absolute paths and links may not leave `dir`. */
  beneath?: boolean | undefined;
  /** RESOLVE_IN_ROOT: `dir` is the root, as after chroot(2). */
  inRoot?: boolean | undefined;
  /** RESOLVE_NO_SYMLINKS. */
  noSymlinks?: boolean | undefined;
  /** RESOLVE_NO_MAGICLINKS: no `/proc/PID/fd/N` and the like. */
  noMagiclinks?: boolean | undefined;
  /** RESOLVE_NO_XDEV: the path may not cross a mount point. */
  noXdev?: boolean | undefined;
  /** RESOLVE_CACHED, since Linux 5.12: fails with EAGAIN when the lookup would need I/O. */
  cached?: boolean | undefined;
}

const resolveBits: Readonly<Record<keyof Resolve, number>> = {
  beneath: constants.RESOLVE_BENEATH,
  inRoot: constants.RESOLVE_IN_ROOT,
  noSymlinks: constants.RESOLVE_NO_SYMLINKS,
  noMagiclinks: constants.RESOLVE_NO_MAGICLINKS,
  noXdev: constants.RESOLVE_NO_XDEV,
  cached: constants.RESOLVE_CACHED,
};

// Node's error classes are not public. These have the same codes and messages.
function withCode<E extends Error>(error: E, code: string): E {
  Object.defineProperty(error, 'code', {
    value: code,
    enumerable: true,
    writable: true,
    configurable: true,
  });
  // As in Node's errors, the stack shows the code and `name` does not.
  const name = `${error.name} [${code}]`;
  Object.defineProperty(error, 'stack', {
    value: error.stack?.replace(error.name, name),
    writable: true,
    configurable: true,
  });
  return error;
}

function received(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'function') return `function ${value.name}`;
  if (typeof value === 'object') {
    const name = (value as { constructor?: { name?: string } }).constructor?.name ?? '';
    return name === '' ? inspect(value, { depth: -1 }) : `an instance of ${name}`;
  }
  const text = typeof value === 'string' ? value : inspect(value);
  const short = text.length > 28 ? `${text.slice(0, 25)}...` : text;
  return `type ${typeof value} (${typeof value === 'string' ? inspect(short) : short})`;
}

/** In Node's messages a name with a dot is a property. */
function kindOf(name: string): 'argument' | 'property' {
  return /[.[]/.test(name) ? 'property' : 'argument';
}

export function invalidArgType(name: string, expected: string, actual: unknown): TypeError {
  const message = `The "${name}" ${kindOf(name)} must be ${expected}. Received ${received(actual)}`;
  return withCode(new TypeError(message), 'ERR_INVALID_ARG_TYPE');
}

export function invalidArgValue(name: string, actual: unknown, why = 'is invalid'): TypeError {
  const shown = inspect(actual);
  const short = shown.length > 128 ? `${shown.slice(0, 128)}...` : shown;
  const message = `The ${kindOf(name)} '${name}' ${why}. Received ${short}`;
  return withCode(new TypeError(message), 'ERR_INVALID_ARG_VALUE');
}

/** Node's messages separate the digits of such an integer. */
function isBeyond32Bits(value: unknown): boolean {
  if (typeof value === 'number') return Number.isInteger(value) && Math.abs(value) > 2 ** 32;
  return typeof value === 'bigint' && (value > 2n ** 32n || value < -(2n ** 32n));
}

export function outOfRange(name: string, range: string, actual: unknown): RangeError {
  const shown = inspect(actual, { numericSeparator: isBeyond32Bits(actual) });
  const message = `The value of "${name}" is out of range. It must be ${range}. Received ${shown}`;
  return withCode(new RangeError(message), 'ERR_OUT_OF_RANGE');
}

/** Recognizes a URL as node:fs does, because it may come from another realm or a library. */
function isUrl(value: unknown): value is URL {
  const url = value as Partial<Record<'href' | 'protocol' | 'auth' | 'path', unknown>> | null;
  return Boolean(url?.href && url.protocol && url.auth === undefined && url.path === undefined);
}

/** Bytes whose buffer was given away, or made smaller, cannot be looked at. */
function hasNul(path: Uint8Array): boolean {
  try {
    return path.includes(0);
  } catch {
    throw invalidArgValue('path', path, 'must not be detached or out of bounds');
  }
}

/** Returns a path that the kernel can take. Throws node:fs's own error for any other. */
export function toPath(value: PathLike): string | Uint8Array {
  const path = typeof value !== 'string' && isUrl(value) ? fileURLToPath(value) : value;
  const valid =
    typeof path === 'string' ? !path.includes('\0') : types.isUint8Array(path) && !hasNul(path);
  if (!valid) {
    // node:fs refuses it before any system call, with the message of this Node version.
    accessSync(path as string);
    throw invalidArgType('path', 'of type string or an instance of Buffer or URL', path);
  }
  return path;
}

/** For messages and for errors' `path`. */
export function printablePath(path: string | Uint8Array): string {
  return typeof path === 'string' ? path : Buffer.from(path).toString();
}

function toInteger(name: string, value: unknown, min: number, max: number): number {
  if (typeof value !== 'number') throw invalidArgType(name, 'of type number', value);
  if (!Number.isInteger(value)) throw outOfRange(name, 'an integer', value);
  if (value < min || value > max) throw outOfRange(name, `>= ${min} && <= ${max}`, value);
  return value;
}

/** The fd of a closed FileHandle or ExecFile. */
const CLOSED = -1;

export function toFd(value: unknown, name = 'fd'): number {
  const holder = typeof value === 'object' && value !== null && 'fd' in value;
  const fd: unknown = holder ? value.fd : value;
  if (holder && fd === CLOSED) throw syscallError(EBADF, 'fcntl', { fd: CLOSED });
  return toInteger(name, fd, 0, 0x7fffffff);
}

/** A directory fd, or the current directory when none is given. */
export function toDirfd(value: unknown): number {
  if (value === undefined || value === constants.AT_FDCWD) return constants.AT_FDCWD;
  return toFd(value, 'dir');
}

/** Checks a number as node:fs does. A bigint may be any 64 bits, and the kernel checks it. */
export function toMode(value: unknown): number | bigint {
  if (value === undefined) return 0;
  if (typeof value === 'bigint') return toUint64('mode', value);
  return toInteger('mode', value, 0, 0xffffffff);
}

/** A number where it can hold the value: a bigint costs more to make and to hand over. */
function toUint64(name: string, value: unknown): number | bigint {
  if (typeof value === 'number') return toInteger(name, value, 0, Number.MAX_SAFE_INTEGER);
  if (typeof value !== 'bigint') throw invalidArgType(name, 'of type number or bigint', value);
  if (value < 0n || value > 0xffff_ffff_ffff_ffffn)
    throw outOfRange(name, '>= 0 && < 2 ** 64', value);
  return value;
}

export function toFlags(value: unknown): number | bigint {
  return value === undefined ? constants.O_RDONLY : toUint64('flags', value);
}

export function toResolve(value: unknown): number | bigint {
  if (value === undefined) return 0;
  if (typeof value !== 'object' || value === null) return toUint64('resolve', value);
  refuseUnknown(value, resolveBits, 'resolve');
  let bits = 0;
  // Inherited properties count too, so that no protection is lost silently.
  for (const [name, bit] of Object.entries(resolveBits)) {
    if (toBoolean(`resolve.${name}`, (value as Record<string, unknown>)[name])) bits |= bit;
  }
  return bits;
}

export function toBoolean(name: string, value: unknown): boolean {
  if (value === undefined) return false;
  if (typeof value !== 'boolean') throw invalidArgType(name, 'of type boolean', value);
  return value;
}

/** A word for the audit log. It must be short and without control characters. */
export function toOrigin(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'string') throw invalidArgType('options.origin', 'of type string', value);
  if (!/^[ -~]{1,64}$/.test(value)) {
    throw invalidArgValue('options.origin', value, 'must be 1 to 64 printable ASCII characters');
  }
  return value;
}

/** Every name that an options object may have. The type makes sure that none is missing. */
export type Names<T> = Readonly<Record<keyof T, true>>;

/**
 * Throws for an unknown option name: an author who wrote `enforced: true` would never learn that it
 * does nothing. The value does not matter, and inherited names and symbols count. Properties of
 * Object.prototype do not count, because the caller did not give them.
 */
function refuseUnknown(
  value: object,
  names: Readonly<Record<string, unknown>>,
  name: string,
): void {
  for (
    let holder: object | null = value;
    holder !== null && holder !== Object.prototype;
    holder = Object.getPrototypeOf(holder) as object | null
  ) {
    for (const key of Reflect.ownKeys(holder)) {
      if (Object.hasOwn(names, key)) continue;
      if (!Object.prototype.propertyIsEnumerable.call(holder, key)) continue;
      const property = typeof key === 'symbol' ? `${name}[${String(key)}]` : `${name}.${key}`;
      const known = Object.keys(names).join(', ');
      throw invalidArgValue(property, Reflect.get(value, key), `must be one of ${known}`);
    }
  }
}

/**
 * The options of a call that gives none. `Object.create(null)` would be a dictionary, in which V8
 * looks up each name.
 */
const NONE: object = Object.freeze(Object.setPrototypeOf({}, null) as object);

/** Checks that the options are an object with known names only. */
export function toOptions<T extends object>(
  value: T | null | undefined,
  names: Names<T>,
  name = 'options',
): Partial<T> {
  if (value === undefined) return NONE;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidArgType(name, 'of type object', value);
  }
  refuseUnknown(value, names, name);
  return value;
}

export function toEncoding(value: unknown): BufferEncoding {
  if (typeof value === 'string' && Buffer.isEncoding(value)) return value;
  throw invalidArgValue('encoding', value, 'is invalid encoding');
}
