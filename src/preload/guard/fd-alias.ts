import { StringPrototypeCharCodeAt } from '../lib/primordials.js';

const BITS = 4;
/** A digit and ':' have different codes in their last bits. */
const MASK = (1 << BITS) - 1;

/**
 * A path to an open file by which the system's loader finds that very file.
 *
 * The loader remembers libraries by the path they were opened with, and fd numbers are
 * reused. So the path contains the file's identity, device and inode: no other file has its inode
 * while the library is loaded.
 */
export function aliasOf(fd: number, identity: string): string {
  let alias = '/proc/self/fd/';
  for (let i = 0; i < identity.length; i++) {
    let rest = (StringPrototypeCharCodeAt(identity, i) & MASK) + (1 << BITS);
    for (; rest > 1; rest >>= 1) alias += (rest & 1) === 1 ? './' : '/';
  }
  return `${alias}${fd}`;
}
