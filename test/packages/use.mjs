// Opens a file that may be executed, and has one refused that may not.
import { ExecDeniedError, openMayExecSync } from 'mayexec';

const [allowed, refused] = process.argv.slice(-2);
openMayExecSync(allowed, { enforce: true }).closeSync();
try {
  openMayExecSync(refused, { enforce: true }).closeSync();
  console.log('handed over');
} catch (error) {
  const typed = error instanceof ExecDeniedError && error.name === 'ExecDeniedError';
  console.log(typed ? 'refused' : error);
}
