// The main script of a single executable application, whose imports no hook sees. It restricts
// itself, and starts a Worker without the preload by a class that it imported before.
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';

const require = createRequire(process.env.MODULE);
const { setSecurebits } = require(process.env.PACKAGE);
setSecurebits({ restrictFile: true, denyInteractive: true });
require(process.env.MODULE);
try {
  new Worker('console.log("ran")', { eval: true, execArgv: [], env: {} });
} catch (error) {
  console.log(error.name);
}
