import { emulator } from './emulator.js';

interface Os {
  release: () => string;
}

/**
 * As uname(2) gives it; 'unknown' where the runtime does not tell (Deno without
 * --allow-sys), so that probe() never throws. Loads node:os, which takes time, only
 * for those who are told.
 */
export function kernelRelease(): string {
  try {
    return (process.getBuiltinModule('node:os') as Os).release();
  } catch {
    return 'unknown';
  }
}

/** Who answers system calls here, for messages. */
export function machine(): string {
  const program = emulator();
  const kernel = `Linux ${kernelRelease()}`;
  return program === null ? kernel : `${program}, which runs this process on ${kernel},`;
}
