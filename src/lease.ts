import { shared } from './shared-buffer.js';

const PAUSE_MS = 1;
const never = shared && new Int32Array(shared);
const { wait } = Atomics;

/** Gives other processes time. */
export function pause(): void {
  if (never !== undefined) wait(never, 0, 0, PAUSE_MS);
}

/**
 * Opens a file with O_NONBLOCK as open(2) does without: it waits for the holder of a lease, such as
 * Samba or nfsd, which the kernel asks to give it up. Until then the answer is EAGAIN. `open`
 * throws an error with a code.
 */
export function openPatiently(open: () => number): number {
  for (;;) {
    try {
      return open();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
    pause();
  }
}
