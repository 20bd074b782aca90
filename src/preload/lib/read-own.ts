import { CHECK_HERE, CLOSE_WHEN_READ, FACTS, READ, READ_ANYWAY, SKIP_CHECK } from '../../addon.js';
import { constants } from '../../constants.js';
import { native } from './native.js';

const facts = new Int32Array(FACTS);
const { AT_FDCWD } = constants;
const HOW = SKIP_CHECK | CHECK_HERE | READ | READ_ANYWAY | CLOSE_WHEN_READ;

/**
 * The bytes of a file that the preload needs for itself. Undefined where it cannot be read.
 * The addon reads it: --permission may keep node:fs from it, and a program may replace
 * what is in node:fs.
 */
export function readOwn(path: string): Buffer | undefined {
  return native.openCodeSync(AT_FDCWD, path, 0n, HOW, facts) as Buffer | undefined;
}
