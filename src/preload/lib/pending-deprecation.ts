const { hasOwn } = Object;

let warns: boolean | undefined;

function isTold(): boolean {
  if (process.execArgv.includes('--pending-deprecation')) return true;
  if (hasOwn(process.env, 'NODE_PENDING_DEPRECATION') || hasOwn(process.env, 'NODE_OPTIONS')) {
    const words = `${process.env['NODE_PENDING_DEPRECATION'] ?? ''} ${process.env['NODE_OPTIONS'] ?? ''}`;
    return /pending.deprecation|^1/.test(words);
  }
  return false;
}

/**
 * Whether Node warns of what may be deprecated one day. Then the preload does without it, so
 * that each such warning is one of the program's own. The first call is before the program.
 */
export function warnsOfPending(): boolean {
  return (warns ??= isTold());
}
