import { closeSync, openSync, readSync } from 'node:fs';

const PT_INTERP = 3;
/** PATH_MAX. */
const LONGEST = 4096;

/**
 * The dynamic loader that an ELF program names (PT_INTERP), which execve(2)
 * executes with it; undefined for what names none. Throws node:fs's errors. elf(5).
 */
export function elfInterpreter(path: string): string | undefined {
  const fd = openSync(path, 'r');
  const read = (at: number, length: number): Buffer => {
    const bytes = Buffer.alloc(length);
    return bytes.subarray(0, readSync(fd, bytes, 0, length, at));
  };
  try {
    const header = read(0, 64);
    if (header.length < 64 || header.toString('latin1', 0, 4) !== '\x7fELF') return undefined;
    const wide = header[4] === 2;
    const little = header[5] === 1;
    const half = (from: Buffer, at: number): number =>
      little ? from.readUInt16LE(at) : from.readUInt16BE(at);
    const word = (from: Buffer, at: number): number =>
      little ? from.readUInt32LE(at) : from.readUInt32BE(at);
    const address = (from: Buffer, at: number): number =>
      wide ? Number(little ? from.readBigUInt64LE(at) : from.readBigUInt64BE(at)) : word(from, at);

    const size = half(header, wide ? 54 : 42);
    const count = half(header, wide ? 56 : 44);
    const table = read(address(header, wide ? 32 : 28), size * count);
    for (let at = 0; size > 0 && at + size <= table.length; at += size) {
      if (word(table, at) !== PT_INTERP) continue;
      const length = address(table, at + (wide ? 32 : 16));
      const name = read(address(table, at + (wide ? 8 : 4)), Math.min(length, LONGEST));
      return name.toString('utf8').replace(/\0.*$/s, '');
    }
    return undefined;
  } finally {
    closeSync(fd);
  }
}
