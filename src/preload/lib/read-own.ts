import { CHECK_HERE, CLOSE_WHEN_READ, FACTS, READ, READ_ANYWAY, SKIP_CHECK } from '../../addon.js';
import { constants } from '../../constants.js';
import { native } from './native.js';

const facts = new Int32Array(FACTS);
const { AT_FDCWD } = constants;
const HOW = SKIP_CHECK | CHECK_HERE | READ | READ_ANYWAY | CLOSE_WHEN_READ;

/**
 * Reads a file that the preload itself needs. Undefined where it cannot be read. The addon reads
 * it, because --permission may forbid node:fs to, and a program may replace the functions of
 * node:fs.
 */
export function readOwn(path: string): Buffer | undefined {
  return native.openCodeSync(AT_FDCWD, path, 0n, HOW, facts) as Buffer | undefined;
}
