import { SyscallError, UnsupportedError } from '../errors.js';
import { exitStatus } from './exit-status.js';
import { printable, warn } from './terminal.js';

/** Prints why the work could not be done. Returns the exit status. */
export function failed(error: unknown): number {
  const known =
    error instanceof SyscallError || error instanceof UnsupportedError || isFsError(error);
  const text = known ? error.message : error instanceof Error ? error.stack : String(error);
  warn(printable(text ?? '', '\n'));
  return error instanceof UnsupportedError ? exitStatus.unsupported : exitStatus.failure;
}

function isFsError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}
