// Restricts itself, and starts a Worker without the preload by a class that it imported before.
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';

const { setSecurebits } = createRequire(import.meta.url)(process.env.PACKAGE);
setSecurebits({ restrictFile: true, denyInteractive: true });
await import('./module.mjs');
try {
  new Worker('console.log("ran")', { eval: true, execArgv: [], env: {} });
} catch (error) {
  console.log(error.name);
}
