/*
 * Imported first, so that `mayexec run` becomes mayexec-run before the modules of the other
 * commands are loaded.
 */
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

const [, , command, ...args] = process.argv;
if (command === 'run') process.exit(become(args));
