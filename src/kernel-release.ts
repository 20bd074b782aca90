import { emulator } from './emulator.js';

interface Os {
  release: () => string;
}

/**
 * The release from uname(2). It is 'unknown' where the runtime hides it (Deno without --allow-sys),
 * so that probe() never throws. node:os is loaded only here, because loading it takes time.
 */
export function kernelRelease(): string {
  try {
    return (process.getBuiltinModule('node:os') as Os).release();
  } catch {
    return 'unknown';
  }
}

/** The kernel or emulator that answers system calls, for messages. */
export function machine(): string {
  const program = emulator();
  const kernel = `Linux ${kernelRelease()}`;
  return program === null ? kernel : `${program}, which runs this process on ${kernel},`;
}
