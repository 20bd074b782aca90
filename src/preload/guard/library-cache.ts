import { append } from '../lib/append.js';
import { lengthOf } from '../lib/bytes.js';
import { BufferPrototypeUtf8Slice } from '../lib/primordials.js';
import { readOwn } from '../lib/read-own.js';

/** The header of /etc/ld.so.cache, and what follows it: entries of 24 bytes, then strings. */
const MAGIC = 'glibc-ld.so.cache1.1';
const HEADER = 48;
const ENTRY = 24;

function u32(bytes: Buffer, at: number): number {
  return (
    (bytes[at] ?? 0) +
    (bytes[at + 1] ?? 0) * 0x100 +
    (bytes[at + 2] ?? 0) * 0x1_0000 +
    (bytes[at + 3] ?? 0) * 0x100_0000
  );
}

/**
 * The entries that the dynamic loader uses, by their flags: those of this architecture, and those
 * with flags 1, which are for every architecture. On an architecture that is not listed, every
 * entry counts.
 */
const FLAGS: Readonly<Record<string, number>> = { x64: 0x303, arm64: 0xa03 };
const ANY = 1;
const flagsHere = FLAGS[process.arch];

/** Every file that ld.so.cache lists for a name, for this architecture. */
export function cached(name: string): string[] {
  const found: string[] = [];
  const bytes = readOwn('/etc/ld.so.cache');
  if (bytes === undefined) return found;
  if (BufferPrototypeUtf8Slice(bytes, 0, 20) !== MAGIC) return found;
  const length = lengthOf(bytes);
  const string = (start: number): string => {
    let end = start;
    while (end < length && bytes[end] !== 0) end++;
    return BufferPrototypeUtf8Slice(bytes, start, end);
  };
  const count = u32(bytes, 20);
  for (let i = 0; i < count && HEADER + (i + 1) * ENTRY <= length; i++) {
    const at = HEADER + i * ENTRY;
    const flags = u32(bytes, at);
    if (flagsHere !== undefined && flags !== flagsHere && flags !== ANY) continue;
    if (string(u32(bytes, at + 4)) === name) append(found, string(u32(bytes, at + 8)));
  }
  return found;
}
