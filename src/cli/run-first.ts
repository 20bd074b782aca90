/*
 * Imported first, so that `mayexec run` becomes mayexec-run before the modules of the other
 * commands are loaded.
 */
import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';

import { UnsupportedError } from '../errors.js';
import { becomeLauncher } from '../launch/become-launcher.js';
import { exitStatus } from './exit-status.js';
import { printable, warn } from './terminal.js';

/** Returns an exit status only when it cannot become the launcher. */
function become(args: readonly string[]): number {
  try {
    return becomeLauncher(args);
  } catch (error) {
    warn(printable((error as Error).message, '\n'));
    return error instanceof UnsupportedError ? exitStatus.unsupported : exitStatus.failure;
  }
}

/**
 * Whether the words have bytes that are no UTF-8. Node gives U+FFFD in their place, which would
 * name another file. Without /proc nobody knows.
 */
function hasLostBytes(words: readonly string[]): boolean {
  if (!words.some((word) => word.includes('\ufffd'))) return false;
  try {
    return !isUtf8(readFileSync('/proc/self/cmdline'));
  } catch {
    return false;
  }
}

const [, , command, ...args] = process.argv;
if (hasLostBytes(args)) {
  warn(
    command === 'run'
      ? 'a word is not UTF-8, and Node does not know its bytes. Start mayexec-run instead: mayexec preload --launcher prints where it is'
      : 'a word is not UTF-8, and Node does not know its bytes. Name a directory above the file, or go into the directory and name it "."; for one file write /dev/stdin <FILE',
  );
  process.exit(exitStatus.failure);
}

if (command === 'run') process.exit(become(args));
