import { invalidArgType } from './arguments.js';

/** Checks the option `signal`. */
export function toSignal(value: unknown): AbortSignal | undefined {
  if (value === undefined) return undefined;
  if (
    typeof value !== 'object' ||
    value === null ||
    !('aborted' in value) ||
    typeof (value as Partial<AbortSignal>).addEventListener !== 'function'
  ) {
    throw invalidArgType('options.signal', 'an instance of AbortSignal', value);
  }
  return value as AbortSignal;
}

/** Throws node:fs's AbortError when the signal is aborted. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw abortError(signal);
}

function abortError({ reason }: AbortSignal): Error {
  const error = new Error('The operation was aborted', { cause: reason });
  error.name = 'AbortError';
  return Object.assign(error, { code: 'ABORT_ERR' });
}

/**
 * Waits for work that cannot be stopped, but only until the signal is aborted: an open may wait for
 * another process. `release` frees a result that arrives after the abort.
 */
export async function abortable<T>(
  work: Promise<T>,
  signal: AbortSignal | undefined,
  release: () => void = () => undefined,
): Promise<T> {
  if (signal === undefined) return work;
  let abort: (() => void) | undefined;
  try {
    const aborted = new Promise<never>((_, reject) => {
      abort = () => {
        reject(abortError(signal));
      };
      signal.addEventListener('abort', abort, { once: true });
    });
    const result = await Promise.race([work, aborted]);
    // Read `aborted` once: an object that only looks like a signal could answer differently each
    // time.
    if (signal.aborted) throw abortError(signal);
    return result;
  } catch (error) {
    work.then(release, () => undefined);
    throw error;
  } finally {
    if (abort !== undefined) signal.removeEventListener('abort', abort);
  }
}
