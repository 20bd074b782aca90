/*
 * The file format of a code image, for the writer and the reader:
 *
 *     header      64 bytes: magic, format, lengths, SHA-256 of the header, with zeros in the
 *                 place of this hash, and of the directory
 *     directory   what the image was made of and for, as JSON; a record a module; the paths of
 *                 the modules, sorted
 *     modules     in the order of the paths, without gaps: bytecode, then source. An image
 *                 without sources has a source's SHA-256 all the same
 *
 *     record      offset of the bytecode (8 bytes), lengths of bytecode and source, the end
 *                 of its path, flags (4 bytes each), zeros, SHA-256 of bytecode and of source
 *
 * The header's hash covers the directory, and the directory has a hash of each part: no byte
 * is without one. A start reads no record. native/code_image.c finds a module's, checks its
 * range and compares the hash. Numbers are little-endian.
 */

/** A broken image, or an image for another Node. The message says what is wrong. */
export class ImageError extends Error {}

export type Hash = (bytes: Uint8Array) => string;

const MAGIC = 'MXIMAGE\n';
const FORMAT = 3;
export const HEADER = 64;
const HASHED = 32;
/** The length of a record, and where its fields begin. */
export const RECORD = 96;
const AT = {
  offset: 0,
  bytecodeLength: 8,
  sourceLength: 12,
  pathEnd: 16,
  flags: 20,
  bytecodeSha256: 32,
  sourceSha256: 64,
} as const;

/** Each byte of the source is a character. */
export const IS_ASCII = 1;
/** The bytecode is of an ES module. */
export const IS_MODULE = 2;

const LONGEST_META = 1 << 24;
const MOST_MODULES = 1 << 20;
const LONGEST_PATH = 4095;

/** The application and the Node that an image was made for. */
export interface Meta {
  /** The real path of the application. Each module's path is relative to it. */
  readonly root: string;
  /** SHA-256 of package.json and of each lockfile. Null for a missing file. */
  readonly lockfiles: Readonly<Record<string, string | null>>;
  /** Whether it holds the sources. Without them it can only be used as a cache of bytecode. */
  readonly sources: boolean;
  /** The engine of its bytecode. Null for an image without bytecode. */
  readonly engine: Engine | null;
}

/** The properties of an engine that bytecode depends on. */
export interface Engine {
  readonly node: string;
  readonly v8: string;
  readonly arch: string;
}

/** One module, ready to be written. */
export interface ModuleRecord {
  readonly path: Buffer;
  readonly flags: number;
  readonly bytecodeLength: number;
  readonly sourceLength: number;
  readonly bytecodeSha256: Buffer;
  readonly sourceSha256: Buffer;
}

/** The modules of an image, by their index. */
export interface Directory {
  readonly meta: Meta;
  readonly count: number;
  readonly records: Buffer;
  readonly paths: Buffer;
  /** Where the modules begin, and where they end. */
  readonly modulesAt: number;
  readonly fileLength: number;
}

export interface Header {
  readonly metaLength: number;
  readonly count: number;
  readonly pathsLength: number;
  readonly fileLength: number;
  readonly sha256: string;
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
  const recordsAt = HEADER + metaBytes.copy(start, HEADER);
  const pathsAt = recordsAt + records.length * RECORD;
  let pathEnd = 0;
  let fileLength = length;
  for (const [i, record] of records.entries()) {
    const at = recordsAt + i * RECORD;
    pathEnd += record.path.copy(start, pathsAt + pathEnd);
    start.writeUIntLE(fileLength, at + AT.offset, 6);
    start.writeUInt32LE(record.bytecodeLength, at + AT.bytecodeLength);
    start.writeUInt32LE(record.sourceLength, at + AT.sourceLength);
    start.writeUInt32LE(pathEnd, at + AT.pathEnd);
    start.writeUInt32LE(record.flags, at + AT.flags);
    record.bytecodeSha256.copy(start, at + AT.bytecodeSha256);
    record.sourceSha256.copy(start, at + AT.sourceSha256);
    fileLength += record.bytecodeLength + record.sourceLength;
  }
  start.write(MAGIC, 'latin1');
  start.writeUInt32LE(FORMAT, 8);
  start.writeUInt32LE(metaBytes.length, 12);
  start.writeUInt32LE(records.length, 16);
  start.writeUInt32LE(pathsLength, 20);
  start.writeUIntLE(fileLength, 24, 6);
  start.write(hash(start), HASHED, 'hex');
  return start;
}

/** Throws ImageError. `fileLength` is that of the file. */
export function parseHeader(bytes: Buffer, fileLength: number): Header {
  if (bytes.length < HEADER) throw new ImageError('it is too short');
  if (bytes.toString('latin1', 0, 8) !== MAGIC) throw new ImageError('it is not a code image');
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
    throw new ImageError('the lengths in its header are impossible');
  }
  if (HEADER + directoryLength(metaLength, count, pathsLength) > fileLength) {
    throw new ImageError('its directory does not fit into it');
  }
  return header;
}

/** `start` is the header with the directory, and belongs to the result. Throws ImageError. */
export function parseDirectory(header: Header, start: Buffer, hash: Hash): Directory {
  start.fill(0, HASHED, HEADER);
  if (hash(start) !== header.sha256) {
    throw new ImageError('its directory does not have the SHA-256 in its header');
  }
  const { metaLength, count, fileLength } = header;
  const recordsAt = HEADER + metaLength;
  const pathsAt = recordsAt + count * RECORD;
  return {
    meta: parseMeta(start.toString('utf8', HEADER, recordsAt)),
    count,
    records: start.subarray(recordsAt, pathsAt),
    paths: start.subarray(pathsAt),
    modulesAt: start.length,
    fileLength,
  };
}

/**
 * Whether a record says that its module has bytecode. It reads by index, because that asks no
 * prototype.
 */
export function hasBytecode(records: Uint8Array, i: number): boolean {
  const at = i * RECORD + AT.bytecodeLength;
  return (
    records[at] !== 0 || records[at + 1] !== 0 || records[at + 2] !== 0 || records[at + 3] !== 0
  );
}

/** Whether the bytecode of a module is that of an ES module. An index asks no prototype. */
export function isModule(records: Uint8Array, i: number): boolean {
  return ((records[i * RECORD + AT.flags] as number) & IS_MODULE) !== 0;
}

/** The SHA-256 of a module's source, in hexadecimal digits. */
export function sourceSha256(records: Buffer, i: number): string {
  const at = i * RECORD + AT.sourceSha256;
  return records.toString('hex', at, at + RECORD - AT.sourceSha256);
}

/** The positions and lengths in a record. */
interface Place {
  readonly offset: number;
  readonly bytecodeLength: number;
  readonly sourceLength: number;
  readonly flags: number;
  readonly pathStart: number;
  readonly pathEnd: number;
}

export function placeOf({ records }: Directory, i: number): Place {
  const at = i * RECORD;
  return {
    offset: records.readUIntLE(at + AT.offset, 6),
    bytecodeLength: records.readUInt32LE(at + AT.bytecodeLength),
    sourceLength: records.readUInt32LE(at + AT.sourceLength),
    flags: records.readUInt32LE(at + AT.flags),
    pathStart: i === 0 ? 0 : records.readUInt32LE(at - RECORD + AT.pathEnd),
    pathEnd: records.readUInt32LE(at + AT.pathEnd),
  };
}

/**
 * Throws ImageError for a directory that this package would not write, whatever its hash. A start
 * does not call this: a wrong record is noticed when its module is loaded.
 */
export function verifyPlaces(directory: Directory): void {
  const { paths, count, modulesAt, fileLength } = directory;
  let { offset, pathEnd } = { offset: modulesAt, pathEnd: 0 };
  let before: Buffer | undefined;
  for (let i = 0; i < count; i++) {
    const place = placeOf(directory, i);
    if (place.pathEnd <= pathEnd || place.pathEnd - pathEnd > LONGEST_PATH) {
      throw new ImageError('a path in its directory has no end');
    }
    const path = paths.subarray(pathEnd, place.pathEnd);
    if (before !== undefined && before.compare(path) >= 0) {
      throw new ImageError('the paths in its directory are not sorted, or one occurs twice');
    }
    if (place.offset !== offset) throw new ImageError('its modules do not follow one another');
    offset += place.bytecodeLength + place.sourceLength;
    pathEnd = place.pathEnd;
    before = path;
  }
  if (pathEnd !== paths.length) throw new ImageError('its directory has paths without a module');
  if (offset !== fileLength) throw new ImageError('its modules do not fill it');
}

function parseMeta(text: string): Meta {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ImageError('its metadata is not JSON');
  }
  if (isMeta(value)) return value;
  throw new ImageError('its metadata is incomplete');
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

function isMeta(value: unknown): value is Meta {
  if (!isRecord(value) || typeof value['root'] !== 'string') return false;
  const { lockfiles, sources, engine } = value;
  if (
    !isRecord(lockfiles) ||
    typeof sources !== 'boolean' ||
    !(engine === null || isEngine(engine))
  )
    return false;
  return Object.values(lockfiles).every((hash) => hash === null || typeof hash === 'string');
}

function isEngine(value: unknown): value is Engine {
  return isRecord(value) && ['node', 'v8', 'arch'].every((name) => typeof value[name] === 'string');
}
