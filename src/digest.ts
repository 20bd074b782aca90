import type { CodeFiles } from './addon.js';

/** SHA-256 in hexadecimal. */
type Hash = (bytes: Uint8Array) => string;

interface Crypto {
  readonly hash: (algorithm: 'sha256', bytes: Uint8Array) => string;
}

let hash: Hash | undefined;
let bytesOf: (text: string) => Uint8Array;

/**
 * Adds a digest to every message from now on. Only a log starts this, because digests cost time. A
 * Node without OpenSSL has no node:crypto, so its messages have no digest.
 */
export function startDigests(): void {
  if (hash !== undefined) return;
  const crypto = process.getBuiltinModule('node:crypto') as unknown as Crypto | undefined;
  // The program may replace it later.
  const one = crypto?.hash;
  const encoder = new TextEncoder();
  const encode = encoder.encode.bind(encoder);
  bytesOf = (text) => encode(text);
  if (one !== undefined) hash = (bytes) => one('sha256', bytes);
}

export function makesDigests(): boolean {
  return hash !== undefined;
}

/**
 * The SHA-256 of the content that was read, or else of what the fd reads now. Undefined when the
 * file cannot be read, and while no log is written. The caller passes regular files only.
 */
export function digestOf(
  native: CodeFiles,
  fd: number,
  content: Uint8Array | undefined,
): string | undefined {
  if (hash === undefined) return undefined;
  const bytes = content ?? native.readFileSync(fd);
  return typeof bytes === 'number' ? undefined : hash(bytes);
}

/** The SHA-256 of code that comes from no file, as UTF-8. Undefined while no log is written. */
export function digestOfText(text: string | Uint8Array | undefined): string | undefined {
  if (hash === undefined || text === undefined) return undefined;
  return hash(typeof text === 'string' ? bytesOf(text) : text);
}
