/*
 * mayexec/test: helpers for the tests of an interpreter. They use only the public API, and the
 * program's own copy of it.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  checkExecSync,
  ExecDeniedError,
  getSecurebits,
  InvalidArgumentError,
  setSecurebits,
  UnsupportedError,
  type DenialReason,
  type Securebits,
} from './index.js';

/** The two securebits that can be cleared again. A bit that is left out is clear. */
export type TestPolicy = Partial<Pick<Securebits, 'restrictFile' | 'denyInteractive'>>;

interface Call {
  readonly before: TestPolicy;
}

/** The calls on this thread that have not ended. Each was made inside the one before it. */
const running: Call[] = [];
const madeIn = new AsyncLocalStorage<Call>();

function invalid(message: string): TypeError {
  return Object.assign(new TypeError(message), { code: 'ERR_INVALID_ARG_VALUE' });
}

/** Sets exactly these bits, and returns the bits that were set before. */
function replacePolicy({ restrictFile = false, denyInteractive = false }: TestPolicy): TestPolicy {
  const before = getSecurebits();
  for (const [name, wanted] of Object.entries({ restrictFile, denyInteractive })) {
    if (before?.[`${name}Locked` as keyof Securebits] !== true) continue;
    if (before[name as keyof Securebits] === wanted) continue;
    throw new Error(
      `withPolicy: ${name} is locked on this thread, so no other policy can be tried. Run the tests where nothing is locked`,
    );
  }
  try {
    // setSecurebits throws its own error when `before` is null.
    setSecurebits({ restrictFile, denyInteractive });
  } catch (cause) {
    if (!(cause instanceof InvalidArgumentError)) throw cause;
    throw new UnsupportedError('kernel', 'the exec securebits are in Linux since 6.14', { cause });
  }
  return {
    restrictFile: before?.restrictFile ?? false,
    denyInteractive: before?.denyInteractive ?? false,
  };
}

function end(call: Call): void {
  const at = running.indexOf(call);
  if (at < 0) {
    throw new Error(
      'withPolicy: the call in which this one was made ended first, and took its policy away. Await the inner call',
    );
  }
  running.length = at;
  replacePolicy(call.before);
}

/**
 * Runs `fn` with exactly these exec securebits on this thread and returns its result. Then it
 * restores the old bits: at once, or when the promise from `fn` settles. It needs no privilege.
 * Processes and Workers that `fn` starts inherit the bits and keep them, so a test can run a whole
 * interpreter: `withPolicy(bits, () => spawnSync('mylang', [file]))`.
 *
 * The bits belong to the thread: while a promise is pending, they also apply to all other code on
 * the thread. So await each call. A second call before the first has ended throws, unless it is
 * made inside `fn`. Opens that had already begun obey the stricter policy. `enforcePolicy()`, the
 * preload and Landlock bind as before.
 *
 * Throws TypeError for other names (a lock could not be removed), UnsupportedError on a kernel
 * without these bits, and Error when they are already locked.
 */
export function withPolicy<T>(bits: TestPolicy, fn: () => T): T {
  if (typeof fn !== 'function') throw invalid('withPolicy: the second argument must be a function');
  if (typeof bits !== 'object' || (bits as unknown) === null) {
    throw invalid(
      'withPolicy: the first argument must be an object, such as { restrictFile: true }',
    );
  }
  for (const [name, value] of Object.entries(bits)) {
    if (name.endsWith('Locked')) {
      throw invalid(`withPolicy: ${name} is a lock, which could not be removed after the test`);
    }
    if (name !== 'restrictFile' && name !== 'denyInteractive') {
      throw invalid(`withPolicy: ${name} must be one of restrictFile, denyInteractive`);
    }
    if (typeof value !== 'boolean') throw invalid(`withPolicy: ${name} must be true or false`);
  }
  if (running.length > 0 && running.at(-1) !== madeIn.getStore()) {
    throw new Error(
      'withPolicy: another call is under way on this thread, and a thread has one policy. Await that first',
    );
  }
  const call = { before: replacePolicy(bits) };
  running.push(call);
  let result: T;
  try {
    result = madeIn.run(call, fn);
  } catch (error) {
    end(call);
    throw error;
  }
  if (typeof (result as { then?: unknown } | null | undefined)?.then === 'function') {
    return Promise.resolve(result).finally(() => {
      end(call);
    }) as T;
  }
  end(call);
  return result;
}

/** The content and the names of the files. */
export interface TestFilesOptions {
  /** The text of each script. Default empty. */
  code?: string | undefined;
  /** The end of each name, such as `.lua`. Default none. */
  extension?: string | undefined;
}

/** Paths of one file of each kind. */
export interface TestFiles {
  /** The folder that contains them. */
  readonly folder: string;
  /** A script with x: it runs under every policy. */
  readonly allowed: string;
  /** A script without x: refused under `restrictFile`. */
  readonly refused: string;
  /** An empty file with x. */
  readonly empty: string;
  /** A symbolic link to `allowed`. */
  readonly linkToAllowed: string;
  /** A symbolic link to `refused`. The check is about the file, not about the link. */
  readonly linkToRefused: string;
  /** A directory: EISDIR under every policy, and a module search goes on. */
  readonly directory: string;
  /** A fifo: refused under either bit. It has no writer, so node:fs would wait. */
  readonly fifo: string;
  /** No file has this name. */
  readonly missing: string;
  /** Removes the folder and its files. */
  remove(): void;
  [Symbol.dispose](): void;
}

/** Throws where even a file with x is refused, because every test would mislead there. */
function mustBeExecutable(path: string, dir: string): void {
  const fd = openSync(path, 'r');
  try {
    const { allowed, reason = 'security-module' } = checkExecSync(fd, { emulate: true });
    if (allowed !== false) return;
    throw new Error(
      `testFiles: nothing in '${dir}' may be executed (${reason}): name another directory`,
    );
  } finally {
    closeSync(fd);
  }
}

/** A name that is not known would silently make other files than were asked for. */
function toTestFilesOptions(options: TestFilesOptions): TestFilesOptions {
  for (const [name, value] of Object.entries(options)) {
    if (name !== 'code' && name !== 'extension') {
      throw invalid(`testFiles: ${name} must be one of code, extension`);
    }
    if (value !== undefined && typeof value !== 'string') {
      throw invalid(`testFiles: ${name} must be a string`);
    }
  }
  return options;
}

/**
 * Creates a folder with a file of each kind in `dir` (default: the directory for temporary files).
 * Remove it with remove() or by `using`. It needs mkfifo(1), so it does not work on Windows.
 */
export function testFiles(dir: string = tmpdir(), options: TestFilesOptions = {}): TestFiles {
  const { code = '', extension = '' } = toTestFilesOptions(options);
  const folder = realpathSync(mkdtempSync(join(dir, 'mayexec-test-')));
  const remove = (): void => {
    rmSync(folder, { recursive: true, force: true });
  };
  const at = (name: string): string => join(folder, `${name}${extension}`);
  const file = (name: string, mode: number, text: string): string => {
    writeFileSync(at(name), text);
    chmodSync(at(name), mode);
    return at(name);
  };
  try {
    chmodSync(folder, 0o755);
    const files: TestFiles = {
      folder,
      allowed: file('allowed', 0o755, code),
      refused: file('refused', 0o644, code),
      empty: file('empty', 0o755, ''),
      linkToAllowed: at('link-to-allowed'),
      linkToRefused: at('link-to-refused'),
      directory: at('directory'),
      fifo: at('fifo'),
      missing: at('missing'),
      remove,
      [Symbol.dispose]: remove,
    };
    symlinkSync(files.allowed, files.linkToAllowed);
    symlinkSync(files.refused, files.linkToRefused);
    mkdirSync(files.directory);
    execFileSync('mkfifo', ['-m', '755', files.fifo]);
    mustBeExecutable(files.allowed, dir);
    return files;
  } catch (error) {
    remove();
    throw error;
  }
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function';
}

/** The denial that a function throws. Any other error fails the test. */
function denialOf(received: unknown): unknown {
  let value = received;
  if (typeof received === 'function') {
    try {
      value = (received as () => unknown)();
    } catch (error) {
      if (error instanceof ExecDeniedError) return error;
      throw error;
    }
  }
  if (!isPromise(value)) return value;
  value.then(undefined, () => undefined);
  throw new TypeError('toBeDenied: this is a promise: await expect(promise).rejects.toBeDenied()');
}

/**
 * The matchers as methods of expect(), for TypeScript. In a file of the tests: `declare module
 * 'vitest' { interface Matchers<T> extends DenialMatchers {} }`. In jest it is `declare global {
 * namespace jest { interface Matchers<R> extends DenialMatchers<R> {} } }`.
 */
export interface DenialMatchers<R = void> {
  /** Passes when the function, or the rejected promise, was refused, for this reason if named. */
  toBeDenied(reason?: DenialReason): R;
}

/**
 * For expect.extend() of vitest and jest: `expect(() => run(file)).toBeDenied()` and `await
 * expect(promise).rejects.toBeDenied('mode')`. The reason is optional. DenialMatchers has their
 * types.
 */
export const matchers = {
  toBeDenied(received: unknown, reason?: DenialReason): { pass: boolean; message: () => string } {
    const error = denialOf(received);
    const denied = error instanceof ExecDeniedError;
    const pass = denied && (reason === undefined || error.verdict.reason === reason);
    const seen = denied ? `it was denied: ${error.message}` : 'it was not denied';
    const wanted = reason === undefined ? 'an ExecDeniedError' : `a denial by ${reason}`;
    return { pass, message: () => `${pass ? 'no denial' : wanted} was expected, but ${seen}` };
  },
};
