import { createHash, hash } from 'node:crypto';
import { fstatSync, readSync } from 'node:fs';

/*
 * The fs-verity digest of a file: Documentation/filesystems/fsverity.rst of the kernel. It is the
 * digest of a Merkle tree, so `sha256sum` does not give it.
 */

const BLOCK = 4096;
const LOG_BLOCK = 12;
const DIGEST = 32;
/** FS_VERITY_HASH_ALG_SHA256 */
const SHA256 = 1;
const VERSION = 1;
const DESCRIPTOR = 256;
const SIZE_AT = 8;
const ROOT_AT = 16;

/** The digests of the blocks of some bytes. The last block is padded with zeros. */
function digestsOf(bytes: Buffer): Buffer {
  const digests: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += BLOCK) {
    const block = Buffer.alloc(BLOCK);
    bytes.copy(block, 0, at, at + BLOCK);
    digests.push(hash('sha256', block, 'buffer'));
  }
  return Buffer.concat(digests);
}

/** The digests of an open file's blocks, and its size. Throws node:fs's errors. */
function digestsOfFile(fd: number): { digests: Buffer; size: number } {
  const chunk = Buffer.alloc(BLOCK << 8);
  const digests: Buffer[] = [];
  let size = 0;
  for (;;) {
    let filled = 0;
    while (filled < chunk.length) {
      const got = readSync(fd, chunk, filled, chunk.length - filled, size + filled);
      if (got === 0) break;
      filled += got;
    }
    digests.push(digestsOf(chunk.subarray(0, filled)));
    size += filled;
    if (filled < chunk.length) return { digests: Buffer.concat(digests), size };
  }
}

/**
 * The SHA-256 fs-verity digest of an open file, with blocks of 4,096 bytes and no salt, as
 * `fsverity digest` gives it. Throws node:fs's errors.
 */
export function verityOf(fd: number): string {
  const { digests, size } = digestsOfFile(fd);
  let level = digests;
  while (level.length > DIGEST) level = digestsOf(level);
  const descriptor = Buffer.alloc(DESCRIPTOR);
  descriptor.set([VERSION, SHA256, LOG_BLOCK]);
  descriptor.writeBigUInt64LE(BigInt(size), SIZE_AT);
  level.copy(descriptor, ROOT_AT);
  return createHash('sha256').update(descriptor).digest('hex');
}

/** In bytes. */
export function sizeOf(fd: number): number {
  return fstatSync(fd).size;
}
