import { abortable, throwIfAborted } from './abort.js';
import { AS_SHORT_TEXT, CLOSE_WHEN_READ, READ } from './addon.js';
import { toEncoding, type Names, type PathLike } from './arguments.js';
import { isHeard } from './audit.js';
import { decode, withoutMark } from './byte-order-mark.js';
import { decide } from './decision.js';
import {
  finish,
  open,
  openNames,
  openSync,
  parse,
  type Opened,
  type OpenOptions,
  type Request,
} from './open-may-exec.js';
import type { Verdict } from './verdict.js';

/** Options for opening and reading a file of code. */
export interface ReadOptions extends OpenOptions {
  /** Return a string without a byte order mark. By default return a Buffer with every byte. */
  encoding?: BufferEncoding | null | undefined;
}

const readNames: Names<ReadOptions> = { ...openNames, encoding: true };

interface ReadFile {
  readonly path: string;
  readonly content: Buffer | string;
  readonly verdict: Verdict;
}

function parseReading(
  operation: string,
  path: PathLike,
  given: ReadOptions | BufferEncoding | null | undefined,
  atOnce: boolean,
): Request & { encoding: BufferEncoding | undefined } {
  // As in node:fs, an encoding may stand in the place of the object.
  const options = typeof given === 'string' ? undefined : (given ?? undefined);
  const wanted = (typeof given === 'string' ? given : options?.encoding) ?? undefined;
  const encoding = wanted === undefined ? undefined : toEncoding(wanted);
  const isText = encoding === 'utf8' || encoding === 'utf-8';
  const what = atOnce ? READ | CLOSE_WHEN_READ | (isText ? AS_SHORT_TEXT : 0) : READ;
  return { ...parse(operation, path, options, what, readNames), encoding };
}

/**
 * The result, if the one native call read the content: the check allowed it, and the fd is closed.
 */
function readAtOnce(
  { native, question, what, encoding }: ReturnType<typeof parseReading>,
  { content, facts }: Opened,
): ReadFile | undefined {
  if (content === undefined || (what & CLOSE_WHEN_READ) === 0) return undefined;
  const { verdict } = decide(native, question, facts);
  const decoded = typeof content === 'string' ? withoutMark(content) : decode(content, encoding);
  return { path: question.args.path ?? '', content: decoded, verdict };
}

/** Opens, checks, reads and closes. `operation` names the calling function. */
export function readingSync(
  operation: string,
  path: PathLike,
  options: ReadOptions | BufferEncoding | null | undefined,
): ReadFile {
  // A subscriber gets an open fd and a digest of the bytes. None can be added during this call.
  const request = parseReading(operation, path, options, !isHeard());
  const opened = openSync(request);
  const all = readAtOnce(request, opened);
  if (all !== undefined) return all;
  const file = finish(request, opened);
  try {
    const content = decode(
      (opened.content as Buffer | undefined) ?? file.readSync(),
      request.encoding,
    );
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
  // A subscriber may be added before the result is there, so the fd stays open.
  const request = parseReading(operation, path, options, false);
  const opened = await open(request);
  const file = finish(request, opened);
  try {
    const content =
      (opened.content as Buffer | undefined) ?? (await abortable(file.read(), request.signal));
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
 * openMayExecSync and of read(2). A file of 2 GiB or more fails with EFBIG: use openMayExecSync and
 * createReadStream. It fails with EBADFD when another thread closes its fd meanwhile, or puts another
 * file under the number.
 */
export function readMayExecSync(
  path: PathLike,
  options: (Omit<ReadOptions, 'signal'> & { encoding: BufferEncoding }) | BufferEncoding,
): string;
export function readMayExecSync(
  path: PathLike,
  options?: (Omit<ReadOptions, 'signal'> & { encoding?: null | undefined }) | null,
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
  options?: (ReadOptions & { encoding?: null | undefined }) | null,
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
