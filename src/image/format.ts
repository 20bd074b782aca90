import { endianness } from 'node:os';

/*
 * The file format of a code image, in one place for who writes and who reads it:
 *
 *     header      64 bytes: magic, format, lengths, SHA-256 of what stands before it and of
 *                 the directory
 *     directory   what the image was made for, as JSON; four columns, a number a module: the
 *                 end of its path, the lengths of bytecode and source, its SHA-256; the paths
 *                 of the modules, sorted
 *     modules     in the order of the paths, without gaps: bytecode, then source
 *
 * No column holds an offset, so none can point outside the file or into another module. The
 * header's hash covers the directory, and the directory has a hash of each module: no byte
 * is without one. Numbers are little-endian.
 */

/** A broken or foreign image: the message says what is wrong with it. */
export class ImageError extends Error {}

export type Hash = (bytes: Uint8Array) => string;

const MAGIC = 'MXIMAGE\n';
const FORMAT = 1;
export const HEADER = 64;
const HASHED = 32;
/** The length of a hash. */
export const SHA256 = 32;
const NUMBER = 4;
const RECORD = 3 * NUMBER + SHA256;

const LONGEST_META = 1 << 16;
const MOST_MODULES = 1 << 20;
const LONGEST_PATH = 4095;

/** What an image was made of and for. */
export interface Meta {
  /** The real path of the application. Each module's path is relative to it. */
  readonly root: string;
  /** SHA-256 of package.json and of each lockfile; null for one that is not there. */
  readonly lockfiles: Readonly<Record<string, string | null>>;
  /** Whose bytecode it has. Null for an image without any. */
  readonly engine: Engine | null;
}

/** What V8's bytecode depends on. */
export interface Engine {
  readonly node: string;
  readonly v8: string;
  readonly arch: string;
  /** V8's own number for its version, its flags and what the processor can do. */
  readonly tag: number;
}

/** One module, as it is written. */
export interface ModuleRecord {
  readonly path: Buffer;
  readonly bytecodeLength: number;
  readonly sourceLength: number;
  /** SHA-256 of bytecode and source together. */
  readonly sha256: Buffer;
}

/** The modules of an image, by their index. */
export interface Directory {
  readonly meta: Meta;
  readonly count: number;
  readonly paths: Buffer;
  /** Where each path ends in `paths`; it starts where the one before it ends. */
  readonly pathEnds: Uint32Array;
  readonly offsets: Float64Array;
  readonly bytecodeLengths: Uint32Array;
  readonly sourceLengths: Uint32Array;
  /** SHA-256 of each, one behind the other. */
  readonly hashes: Buffer;
}

export interface Header {
  readonly metaLength: number;
  readonly count: number;
  readonly pathsLength: number;
  readonly fileLength: number;
  readonly sha256: string;
}

/** Where the columns of a directory begin, and the paths behind them. */
function columnsAt(metaLength: number, count: number): Record<ColumnStart, number> {
  const pathEndsAt = HEADER + metaLength;
  const bytecodeLengthsAt = pathEndsAt + count * NUMBER;
  const sourceLengthsAt = bytecodeLengthsAt + count * NUMBER;
  const hashesAt = sourceLengthsAt + count * NUMBER;
  const pathsAt = hashesAt + count * SHA256;
  return { pathEndsAt, bytecodeLengthsAt, sourceLengthsAt, hashesAt, pathsAt };
}

type ColumnStart = 'pathEndsAt' | 'bytecodeLengthsAt' | 'sourceLengthsAt' | 'hashesAt' | 'pathsAt';

/** A column of numbers, copied as a whole: every start of a program reads them all. */
function column(start: Buffer, at: number, count: number): Uint32Array {
  const numbers = new Uint32Array(count);
  const bytes = Buffer.from(numbers.buffer);
  start.copy(bytes, 0, at, at + bytes.length);
  if (endianness() === 'BE') bytes.swap32();
  return numbers;
}

/** The length of the directory. */
export function directoryLength(metaLength: number, count: number, pathsLength: number): number {
  return metaLength + count * RECORD + pathsLength;
}

/** The header and the directory of an image. */
export function encodeStart(meta: Meta, records: readonly ModuleRecord[], hash: Hash): Buffer {
  const metaBytes = Buffer.from(JSON.stringify(meta));
  const pathsLength = records.reduce((sum, { path }) => sum + path.length, 0);
  const length = HEADER + directoryLength(metaBytes.length, records.length, pathsLength);
  const start = Buffer.alloc(length);
  const columns = columnsAt(metaBytes.copy(start, HEADER), records.length);
  let { pathsAt } = columns;
  let pathEnd = 0;
  let fileLength = length;
  for (const [i, { path, bytecodeLength, sourceLength, sha256 }] of records.entries()) {
    pathEnd += path.length;
    fileLength += bytecodeLength + sourceLength;
    start.writeUInt32LE(pathEnd, columns.pathEndsAt + i * NUMBER);
    start.writeUInt32LE(bytecodeLength, columns.bytecodeLengthsAt + i * NUMBER);
    start.writeUInt32LE(sourceLength, columns.sourceLengthsAt + i * NUMBER);
    sha256.copy(start, columns.hashesAt + i * SHA256);
    pathsAt += path.copy(start, pathsAt);
  }
  start.write(MAGIC, 'latin1');
  start.writeUInt32LE(FORMAT, 8);
  start.writeUInt32LE(metaBytes.length, 12);
  start.writeUInt32LE(records.length, 16);
  start.writeUInt32LE(pathsLength, 20);
  start.writeUIntLE(fileLength, 24, 6);
  start.write(hash(hashed(start)), HASHED, 'hex');
  return start;
}

/** What the header's hash is made of. */
function hashed(start: Buffer): Buffer {
  return Buffer.concat([start.subarray(0, HASHED), start.subarray(HEADER)]);
}

/** Throws ImageError. `fileLength` is that of the file. */
export function parseHeader(bytes: Buffer, fileLength: number): Header {
  if (bytes.length < HEADER) throw new ImageError('it is too short');
  if (bytes.toString('latin1', 0, 8) !== MAGIC) throw new ImageError('it is no code image');
  const format = bytes.readUInt32LE(8);
  if (format !== FORMAT) {
    throw new ImageError(`it has format ${format}, and this mayexec reads format ${FORMAT}`);
  }
  const header: Header = {
    metaLength: bytes.readUInt32LE(12),
    count: bytes.readUInt32LE(16),
    pathsLength: bytes.readUInt32LE(20),
    fileLength: bytes.readUIntLE(24, 6),
    sha256: bytes.toString('hex', HASHED, HEADER),
  };
  const { metaLength, count, pathsLength } = header;
  if (header.fileLength !== fileLength || bytes.readUInt16LE(30) !== 0) {
    throw new ImageError(`it has ${fileLength} bytes, and its header says ${header.fileLength}`);
  }
  if (metaLength > LONGEST_META || count > MOST_MODULES || pathsLength > count * LONGEST_PATH) {
    throw new ImageError('its header has lengths that no image has');
  }
  if (HEADER + directoryLength(metaLength, count, pathsLength) > fileLength) {
    throw new ImageError('its directory does not fit into it');
  }
  return header;
}

/** `start` is the header with the directory. Throws ImageError. */
export function parseDirectory(header: Header, start: Buffer, hash: Hash): Directory {
  if (hash(hashed(start)) !== header.sha256) {
    throw new ImageError('its directory is not what its header says (SHA-256)');
  }
  const { metaLength, count, pathsLength, fileLength } = header;
  const at = columnsAt(metaLength, count);
  const directory: Directory = {
    meta: parseMeta(start.toString('utf8', HEADER, at.pathEndsAt)),
    count,
    paths: start.subarray(at.pathsAt, at.pathsAt + pathsLength),
    pathEnds: column(start, at.pathEndsAt, count),
    offsets: new Float64Array(count),
    bytecodeLengths: column(start, at.bytecodeLengthsAt, count),
    sourceLengths: column(start, at.sourceLengthsAt, count),
    hashes: start.subarray(at.hashesAt, at.pathsAt),
  };
  const { pathEnds, offsets, bytecodeLengths, sourceLengths } = directory;
  let offset = at.pathsAt + pathsLength;
  let pathEnd = 0;
  for (let i = 0; i < count; i++) {
    const end = pathEnds[i] as number;
    if (end <= pathEnd || end - pathEnd > LONGEST_PATH || end > pathsLength) {
      throw new ImageError('a path in its directory has no end');
    }
    pathEnd = end;
    offsets[i] = offset;
    offset += (bytecodeLengths[i] as number) + (sourceLengths[i] as number);
  }
  if (pathEnd !== pathsLength) throw new ImageError('its directory has paths of no module');
  if (offset !== fileLength) throw new ImageError('its modules do not fill it');
  mustBeSorted(directory);
  return directory;
}

function mustBeSorted({ paths, pathEnds, count }: Directory): void {
  let before = 0;
  for (let i = 1; i < count; i++) {
    const start = pathEnds[i - 1] as number;
    if (paths.compare(paths, start, pathEnds[i], before, start) >= 0) {
      throw new ImageError('the paths in its directory are not sorted, or one is there twice');
    }
    before = start;
  }
}

function parseMeta(text: string): Meta {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ImageError('what it was made for is no JSON');
  }
  if (isMeta(value)) return value;
  throw new ImageError('it does not say what it was made for');
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

function isMeta(value: unknown): value is Meta {
  if (!isRecord(value) || typeof value['root'] !== 'string') return false;
  const { lockfiles, engine } = value;
  if (!isRecord(lockfiles) || !(engine === null || isEngine(engine))) return false;
  return Object.values(lockfiles).every((hash) => hash === null || typeof hash === 'string');
}

function isEngine(value: unknown): value is Engine {
  return (
    isRecord(value) &&
    ['node', 'v8', 'arch'].every((name) => typeof value[name] === 'string') &&
    typeof value['tag'] === 'number'
  );
}
