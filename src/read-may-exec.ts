import { READ } from './addon.js';
import {
  abortable,
  invalidArgValue,
  throwIfAborted,
  type Names,
  type PathLike,
} from './arguments.js';
import { decode } from './byte-order-mark.js';
import {
  finish,
  open,
  openNames,
  openSync,
  parse,
  type OpenOptions,
  type Request,
} from './open-may-exec.js';
import type { Verdict } from './verdict.js';

/** Options for opening and reading a file of code. */
export interface ReadOptions extends OpenOptions {
  /** Return a string without a byte order mark. By default return a Buffer with every byte. */
  encoding?: BufferEncoding | null;
}

const readNames: Names<ReadOptions> = { ...openNames, encoding: true };

/** Takes an object or only an encoding, as node:fs does. */
function toReadOptions(
  options: ReadOptions | BufferEncoding | null | undefined,
): ReadOptions | undefined {
  return typeof options === 'string' ? { encoding: options } : (options ?? undefined);
}

function toEncoding(options: ReadOptions | undefined): BufferEncoding | undefined {
  const encoding = options?.encoding ?? undefined;
  if (encoding !== undefined && !Buffer.isEncoding(encoding)) {
    throw invalidArgValue('encoding', encoding, 'is invalid encoding');
  }
  return encoding;
}

interface ReadFile {
  readonly path: string;
  readonly content: Buffer | string;
  readonly verdict: Verdict;
}

function parseReading(
  operation: string,
  path: PathLike,
  given: ReadOptions | BufferEncoding | null | undefined,
): Request & { encoding: BufferEncoding | undefined } {
  const options = toReadOptions(given);
  const request = parse(operation, path, options, READ, readNames);
  return { ...request, encoding: toEncoding(options) };
}

/** Opens, checks, reads and closes. `operation` names the calling function. */
export function readingSync(
  operation: string,
  path: PathLike,
  options: ReadOptions | BufferEncoding | null | undefined,
): ReadFile {
  const request = parseReading(operation, path, options);
  const opened = openSync(request);
  const file = finish(request, opened);
  try {
    const content = decode(opened.content ?? file.readSync(), request.encoding);
    return { path: file.path, content, verdict: file.verdict };
  } finally {
    file.closeSync();
  }
}

/** readingSync in libuv's thread pool. */
export async function reading(
  operation: string,
  path: PathLike,
  options: ReadOptions | BufferEncoding | null | undefined,
): Promise<ReadFile> {
  const request = parseReading(operation, path, options);
  const opened = await open(request);
  const file = finish(request, opened);
  try {
    const content = opened.content ?? (await abortable(file.read(), request.signal));
    throwIfAborted(request.signal);
    return { path: file.path, content: decode(content, request.encoding), verdict: file.verdict };
  } finally {
    file.closeSync();
  }
}

/**
 * Opens as openMayExecSync does, reads the whole file from the fd that was checked, and closes it,
 * all in one native call. Returns a Buffer, or with `encoding` a string without a byte order mark.
 * The encoding may be the second argument, as in fs.readFileSync. Throws the errors of
 * openMayExecSync and of read(2).
 */
export function readMayExecSync(
  path: PathLike,
  options: (Omit<ReadOptions, 'signal'> & { encoding: BufferEncoding }) | BufferEncoding,
): string;
export function readMayExecSync(
  path: PathLike,
  options?: (Omit<ReadOptions, 'signal'> & { encoding?: null }) | null,
): Buffer;
export function readMayExecSync(
  path: PathLike,
  options?: Omit<ReadOptions, 'signal'> | BufferEncoding | null,
): Buffer | string;
export function readMayExecSync(
  path: PathLike,
  options?: ReadOptions | BufferEncoding | null,
): Buffer | string {
  return readingSync('readMayExec', path, options).content;
}

/** readMayExecSync in libuv's thread pool. Rejects with AbortError when `signal` is aborted. */
export async function readMayExec(
  path: PathLike,
  options: (ReadOptions & { encoding: BufferEncoding }) | BufferEncoding,
): Promise<string>;
export async function readMayExec(
  path: PathLike,
  options?: (ReadOptions & { encoding?: null }) | null,
): Promise<Buffer>;
export async function readMayExec(
  path: PathLike,
  options?: ReadOptions | BufferEncoding | null,
): Promise<Buffer | string>;
export async function readMayExec(
  path: PathLike,
  options?: ReadOptions | BufferEncoding | null,
): Promise<Buffer | string> {
  return (await reading('readMayExec', path, options)).content;
}
