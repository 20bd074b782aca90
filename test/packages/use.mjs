// Opens a file that may be executed, and has one refused that may not.
import { ExecDeniedError, openMayExecSync, probe } from 'mayexec';

function outcome(path) {
  try {
    openMayExecSync(path, { enforce: true }).closeSync();
    return 'handed over';
  } catch (error) {
    const typed = error instanceof ExecDeniedError && error.name === 'ExecDeniedError';
    return typed ? `refused: ${error.verdict.reason}` : `${error.name}: ${error.message}`;
  }
}

const [allowed, refused] = process.argv.slice(-2);
console.log(`addon ${probe().addon.status}, ${outcome(allowed)}, ${outcome(refused)}`);
