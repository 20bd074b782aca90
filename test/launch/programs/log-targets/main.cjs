// Starts a Worker, a child that has a channel on fd 3, and one whose output it takes.
const { execFileSync, fork } = require('node:child_process');
const { Worker } = require('node:worker_threads');

require('./required.cjs');
new Worker('./worker.cjs');
fork('./forked.cjs', { env: {} }).on('message', (message) => console.log(message));
console.log(
  JSON.stringify(execFileSync(process.execPath, ['./captured.cjs'], { encoding: 'utf8' })),
);
