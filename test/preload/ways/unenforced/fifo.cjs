// Loads a fifo. Another thread writes to it after it has begun to enforce a policy.
const { execFileSync } = require('node:child_process');
const { Worker } = require('node:worker_threads');

const fifo = `${__dirname}/fifo.${process.argv[2]}`;
execFileSync('mkfifo', [fifo]);
require(process.env.PACKAGE.replace('index', 'modules')).checkModules();
const worker = new Worker(`${__dirname}/writer.cjs`, { workerData: fifo });
worker.once('message', async () => {
  try {
    await (fifo.endsWith('.mjs') ? import(fifo) : require(fifo));
  } catch (error) {
    console.log(error.name);
  }
  process.exit();
});
