import { publish } from '../../audit.js';
import { describeErrno } from '../../errno.js';
import type { KnownOrigin } from '../../origin.js';
import { isClosed } from '../enforcement.js';
import { lastFailure } from './checked-read.js';

/**
 * Returns a function that publishes what is known of a file that Node has read and the check could
 * not: the errno. Call this before Node's own step, which may load other files.
 */
export function unread(
  path: string,
  origin: KnownOrigin,
  data: boolean,
  importers: () => readonly string[],
): () => void {
  const errno = describeErrno(lastFailure()).code;
  return () => {
    publish(() => ({
      operation: 'load',
      origin,
      verdict: { allowed: null, binding: false, mechanism: 'none', errno },
      denied: false,
      wouldDeny: !data || isClosed('data'),
      path,
      importers: importers(),
    }));
  };
}
