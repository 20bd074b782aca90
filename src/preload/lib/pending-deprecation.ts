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
 * Whether Node warns about functions that may be deprecated one day. Then the preload does not use
 * them, so that every such warning is about the program. Call this first before the program runs.
 */
export function warnsOfPending(): boolean {
  return (warns ??= isTold());
}
