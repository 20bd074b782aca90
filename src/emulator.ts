import { readlinkSync } from 'node:fs';
import { basename } from 'node:path';

/**
 * The program that emulates the processor of this process, such as `qemu-aarch64-static`. It passes
 * on only the system calls that it knows. It hides itself in /proc/self but not in
 * /proc/thread-self.
 */
export function emulator(): string | null {
  try {
    const program = basename(readlinkSync('/proc/thread-self/exe'));
    return program.startsWith('qemu-') ? program : null;
  } catch {
    return null;
  }
}
