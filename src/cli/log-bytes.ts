import { closeSync, createReadStream, fstatSync, openSync, readSync } from 'node:fs';
import { pipeline, Readable, type Transform } from 'node:stream';
import * as zlib from 'node:zlib';

/** How a file starts that is no plain log, and what becomes of it. */
interface Form {
  /** In hexadecimal. */
  readonly start: string;
  readonly is: string;
  /** Undefined where Node cannot. */
  readonly decoder?: (() => Transform) | undefined;
  /** The command that makes a plain log of it. */
  readonly command: string;
}

/** Absent before Node 22.15. */
const zstd = (zlib as { createZstdDecompress?: () => Transform }).createZstdDecompress;

const FORMS: readonly Form[] = [
  { start: '1f8b', is: 'compressed by gzip', decoder: zlib.createGunzip, command: 'gzip -dc' },
  { start: '28b52ffd', is: 'compressed by zstd', decoder: zstd, command: 'zstd -dc' },
  { start: 'fd377a585a00', is: 'compressed by xz', command: 'xz -dc' },
  { start: '425a68', is: 'compressed by bzip2', command: 'bzip2 -dc' },
  { start: '04224d18', is: 'compressed by lz4', command: 'lz4 -dc' },
  { start: 'fffe', is: 'UTF-16', command: 'iconv -f UTF-16 -t UTF-8' },
  { start: 'feff', is: 'UTF-16', command: 'iconv -f UTF-16 -t UTF-8' },
];
const LONGEST_START = 6;
const STANDARD_INPUT = 0;

/** A log is read in pieces of this size. */
export const CHUNK = 1 << 16;

/** The regular files that were read before, each by device and inode. */
export type AlreadyRead = Set<string>;

/**
 * The text of a log in pieces. `-` is standard input. The first bytes decide whether it is
 * compressed, because a log that was rotated may have any name. A file is read once, also when a
 * glob gives it by several names. Throws node:fs's and node:zlib's errors, and says what to do with
 * a form that this Node cannot read.
 */
export async function* logBytes(file: string, before: AlreadyRead): AsyncGenerator<Buffer> {
  const fd = file === '-' ? STANDARD_INPUT : openSync(file, 'r');
  const isFile = fstatSync(fd).isFile();
  if (isFile && isRepeated(fd, before)) {
    close(fd);
    return;
  }
  const chunks: Chunks = isFile ? fileBytes(fd) : streamBytes(fd);
  try {
    let start = Buffer.alloc(0);
    while (start.length < LONGEST_START) {
      const next = await chunks.next();
      if (next.done === true) break;
      start = Buffer.concat([start, next.value]);
    }
    // gzip and zstd write a header for nothing, too.
    if (start.length === 0 && /\.(gz|zst)$/i.test(file)) throw new Error('it is empty');
    const form = FORMS.find((known) =>
      start.toString('hex', 0, LONGEST_START).startsWith(known.start),
    );
    if (form === undefined) {
      yield start;
      yield* rest(chunks);
    } else if (form.decoder !== undefined) {
      yield* decoded(start, chunks, form.decoder()) as AsyncIterable<Buffer>;
    } else {
      throw new Error(`it is ${form.is}: give "-" in its place, and the output of ${form.command}`);
    }
  } finally {
    await chunks.return?.();
  }
}

function close(fd: number): void {
  if (fd !== STANDARD_INPUT) closeSync(fd);
}

/** A regular file never waits. Every piece is in the same memory, until the next one is read. */
function* fileBytes(fd: number): Generator<Buffer, undefined> {
  const chunk = Buffer.allocUnsafeSlow(CHUNK);
  try {
    for (;;) {
      const got = readSync(fd, chunk, 0, CHUNK, null);
      if (got === 0) return;
      yield chunk.subarray(0, got);
    }
  } finally {
    close(fd);
  }
}

function streamBytes(fd: number): AsyncIterator<Buffer> {
  const autoClose = fd !== STANDARD_INPUT;
  return createReadStream('', { fd, autoClose, highWaterMark: CHUNK })[Symbol.asyncIterator]();
}

type Chunks = Iterator<Buffer> | AsyncIterator<Buffer>;

async function* rest(chunks: Chunks): AsyncGenerator<Buffer> {
  for (;;) {
    const next = await chunks.next();
    if (next.done === true) return;
    yield next.value;
  }
}

/** Pipes what was read and the rest through a decoder. */
function decoded(start: Buffer, chunks: Chunks, decoder: Transform): Transform {
  const bytes = Readable.from(
    (async function* () {
      yield start;
      // The decoder may still have a piece when the next one is read.
      for await (const chunk of rest(chunks)) yield Buffer.from(chunk);
    })(),
  );
  // The reader gets the error from the decoder.
  return pipeline(bytes, decoder, () => undefined);
}

function isRepeated(fd: number, before: AlreadyRead): boolean {
  const { dev, ino } = fstatSync(fd, { bigint: true });
  const identity = `${dev} ${ino}`;
  if (before.has(identity)) return true;
  before.add(identity);
  return false;
}
