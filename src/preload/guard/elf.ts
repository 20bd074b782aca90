import { readSync as read } from 'node:fs';

import { append, newList } from '../lib/append.js';
import { plainProperty } from '../lib/plain-property.js';
import { BufferPrototypeUtf8Slice, ObjectDefineProperty } from '../lib/primordials.js';

/*
 * What a shared object requires from the dynamic loader: elf(5). The file may come from an
 * attacker, so every offset and length is checked against a bound. A file that cannot be read this
 * way is not treated as ELF.
 */

export interface DynamicSection {
  /** The processor that it is for: e_machine. */
  readonly machine: number;
  /** DT_NEEDED, and DT_AUXILIARY and DT_FILTER, which the loader loads in the same way. */
  readonly needed: readonly string[];
  readonly soname: string;
  /** Empty where there is a RUNPATH, because the loader then ignores it. */
  readonly rpath: string;
  readonly runpath: string;
  /** An empty one counts, too. */
  readonly hasRunpath: boolean;
  /** DF_1_NODEFLIB: neither the cache nor the default directories. */
  readonly noDefaults: boolean;
}

const readSync = read;
// eslint-disable-next-line @typescript-eslint/unbound-method -- it does not use `this`
const allocateBuffer = Buffer.alloc;
const { MAX_SAFE_INTEGER } = Number;
const withoutPrototype = Object.create as (prototype: null) => Record<number, true>;

const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const DT = {
  NULL: 0,
  NEEDED: 1,
  STRTAB: 5,
  STRSZ: 10,
  SONAME: 14,
  RPATH: 15,
  RUNPATH: 29,
  FLAGS_1: 0x6ffffffb,
  AUXILIARY: 0x7ffffffd,
  FILTER: 0x7fffffff,
};
const DF_1_NODEFLIB = 0x800;
/** The smallest page of the processors that Node is built for. */
const PAGE = 4096;
/** More than any real file has. */
const MOST_SEGMENTS = 512;
const MOST_ENTRIES = 65_536;
const LONGEST_STRINGS = 64 << 20;

class Malformed extends Error {}

/**
 * A buffer of this length. fs.readSync, too, asks for its length, and a program can replace the
 * getter for that.
 */
function allocate(length: number): Buffer {
  const buffer = allocateBuffer(length);
  ObjectDefineProperty(buffer, 'length', plainProperty(length));
  return ObjectDefineProperty(buffer, 'byteLength', plainProperty(length));
}

/** Exactly this many bytes of a file, or an error. */
function bytesAt(fd: number, position: number, length: number): Buffer {
  const bytes = allocate(length);
  let done = 0;
  while (done < length) {
    const count = readSync(fd, bytes, done, length - done, position + done);
    if (count === 0) throw new Malformed('the file ends too early');
    done += count;
  }
  return bytes;
}

const u8 = (bytes: Buffer, at: number): number => bytes[at] ?? 0;
const u16 = (bytes: Buffer, at: number): number => u8(bytes, at) + u8(bytes, at + 1) * 0x100;
const u32 = (bytes: Buffer, at: number): number => u16(bytes, at) + u16(bytes, at + 2) * 0x1_0000;
/** No file reaches beyond the integers that a double holds exactly. */
const u64 = (bytes: Buffer, at: number): number => {
  const value = u32(bytes, at) + u32(bytes, at + 4) * 0x1_0000_0000;
  if (value > MAX_SAFE_INTEGER) throw new Malformed('a number is out of range');
  return value;
};

/** The machines of Node's 64-bit little-endian builds. */
function isElf(header: Buffer): boolean {
  return u32(header, 0) === 0x46_4c_45_7f && u8(header, 4) === 2 && u8(header, 5) === 1;
}

/**
 * The dynamic section of an open file. Undefined for anything but a 64-bit little-endian
 * ELF file, since the dynamic loader of such a Node maps nothing else. Throws an Error for
 * a malformed one.
 */
export function readDynamicSection(fd: number): DynamicSection | undefined {
  const header = allocate(64);
  if (readSync(fd, header, 0, 64, 0) < 64 || !isElf(header)) return undefined;
  const count = u16(header, 56);
  if (u16(header, 54) !== 56 || count > MOST_SEGMENTS) throw new Malformed('its program headers');
  const segments = bytesAt(fd, u64(header, 32), count * 56);

  const machine = u16(header, 18);
  const at = onlyDynamic(segments, count);
  if (at < 0) return { ...WITHOUT_SECTION, machine };
  const size = u64(segments, at + 32);
  if (size > MOST_ENTRIES * 16) throw new Malformed('its dynamic section');
  // Find it by its address, as the loader does.
  const entries = bytesAt(fd, offsetOf(segments, count, u64(segments, at + 16), size), size);
  return { ...parse(fd, segments, count, entries), machine };
}

const WITHOUT_SECTION = {
  needed: [],
  soname: '',
  rpath: '',
  runpath: '',
  hasRunpath: false,
  noDefaults: false,
};

/**
 * Where the one PT_DYNAMIC is, or -1. The loader maps pages and takes the last PT_DYNAMIC. This
 * throws where the loader could see other bytes than those that are read here.
 */
function onlyDynamic(segments: Buffer, count: number): number {
  let dynamic = -1;
  let end = 0;
  for (let i = 0; i < count; i++) {
    const at = i * 56;
    const type = u32(segments, at);
    if (type === PT_DYNAMIC) {
      if (dynamic >= 0) throw new Malformed('it has two dynamic sections');
      dynamic = at;
    }
    if (type !== PT_LOAD) continue;
    const start = u64(segments, at + 16);
    const inFile = u64(segments, at + 32);
    const inMemory = u64(segments, at + 40);
    if (start % PAGE !== u64(segments, at + 8) % PAGE) throw new Malformed('a segment is askew');
    if (inFile > inMemory) throw new Malformed('a segment is larger than its memory');
    // Two that share a page hide each other's bytes.
    if (start - (start % PAGE) < end) throw new Malformed('its segments overlap, or have no order');
    const top = start + inMemory;
    end = top + ((PAGE - (top % PAGE)) % PAGE);
  }
  return dynamic;
}

/** The file offset of an address. All of its bytes must be in one segment, and in the file. */
function offsetOf(segments: Buffer, count: number, address: number, length: number): number {
  for (let i = 0; i < count; i++) {
    const at = i * 56;
    const start = u64(segments, at + 16);
    if (u32(segments, at) !== PT_LOAD || address < start) continue;
    const rest = start + u64(segments, at + 32) - address;
    if (length <= rest) return u64(segments, at + 8) + address - start;
  }
  throw new Malformed('an address is in no segment');
}

function parse(
  fd: number,
  segments: Buffer,
  count: number,
  entries: Buffer,
): Omit<DynamicSection, 'machine'> {
  let at = -1;
  let size = 0;
  let noDefaults = false;
  const names: number[] = newList();
  const found = { soname: -1, rpath: -1, runpath: -1 };
  let ended = false;
  const once = withoutPrototype(null);
  for (let i = 0; i + 16 <= entries.length; i += 16) {
    // A tag with its upper half set is none of these.
    const tag = u32(entries, i + 4) === 0 ? u32(entries, i) : -1;
    if (tag === DT.NULL) {
      ended = true;
      break;
    }
    // For most tags the loader takes the last one. No linker writes two.
    if (tag === DT.STRTAB || tag === DT.STRSZ || tag === DT.RPATH || tag === DT.RUNPATH) {
      if (once[tag] === true) throw new Malformed('its dynamic section has an entry twice');
      once[tag] = true;
    }
    if (tag === DT.NEEDED || tag === DT.AUXILIARY || tag === DT.FILTER) {
      append(names, u64(entries, i + 8));
    } else if (tag === DT.STRTAB) at = u64(entries, i + 8);
    else if (tag === DT.STRSZ) size = u64(entries, i + 8);
    else if (tag === DT.SONAME) found.soname = u64(entries, i + 8);
    else if (tag === DT.RPATH) found.rpath = u64(entries, i + 8);
    else if (tag === DT.RUNPATH) found.runpath = u64(entries, i + 8);
    else if (tag === DT.FLAGS_1) noDefaults = (u32(entries, i + 8) & DF_1_NODEFLIB) !== 0;
  }
  // The loader would read on behind the section.
  if (!ended) throw new Malformed('its dynamic section has no end');
  if (size > LONGEST_STRINGS) throw new Malformed('its strings');
  const strings = at < 0 ? allocate(0) : bytesAt(fd, offsetOf(segments, count, at, size), size);
  const string = (start: number): string => {
    if (start < 0) return '';
    for (let end = start; end < strings.length; end++) {
      if (strings[end] === 0) return BufferPrototypeUtf8Slice(strings, start, end);
    }
    throw new Malformed('a string has no end');
  };
  const needed: string[] = [];
  for (let i = 0; i < names.length; i++) append(needed, string(names[i] as number));
  const hasRunpath = found.runpath >= 0;
  return {
    needed,
    soname: string(found.soname),
    rpath: hasRunpath ? '' : string(found.rpath),
    runpath: string(found.runpath),
    hasRunpath,
    noDefaults,
  };
}
