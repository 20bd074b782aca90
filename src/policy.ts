import type { Answer } from './answer.js';
import type { Securebits } from './securebits.js';

/**
 * Whether a negative answer about a file is binding. Each source can only add:
 * the securebits, the kernel itself where it refuses the open, the caller.
 * Documentation/userspace-api/check_exec.rst.
 */
export function fileBinds(securebits: Securebits, answer: Answer, enforce: boolean): boolean {
  return securebits.restrictFile || answer.mechanism === 'o_mayexec' || enforce;
}

/** The same for code that no file was opened for: -e, a REPL, standard input. */
export function interactiveBinds(securebits: Securebits, enforce: boolean): boolean {
  return securebits.denyInteractive || enforce;
}

/** Whether user space may answer: its answer never stands in for the one that the system demands. */
export function mayEmulate(securebits: Securebits, emulate: boolean): boolean {
  return emulate && !securebits.restrictFile;
}
