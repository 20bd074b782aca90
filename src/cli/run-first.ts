/*
 * Imported first, so that `mayexec run` becomes mayexec-run before the modules of the other
 * commands are loaded.
 */
import { ExecDeniedError, UnsupportedError } from '../errors.js';
import { becomeLauncher } from '../launch/become-launcher.js';
import { exitStatus } from './exit-status.js';
import { printable, warn } from './terminal.js';

/** As in a shell: the command cannot be executed. */
const CANNOT_EXECUTE = 126;

/** Returns an exit status only when it cannot become the launcher. */
function become(args: readonly string[]): number {
  try {
    return becomeLauncher(args);
  } catch (error) {
    warn(printable((error as Error).message, '\n'));
    if (error instanceof UnsupportedError) return exitStatus.unsupported;
    return error instanceof ExecDeniedError ? CANNOT_EXECUTE : exitStatus.failure;
  }
}

const [, , command, ...args] = process.argv;
if (command === 'run') process.exit(become(args));
