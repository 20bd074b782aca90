// Loads the same file in every thread and child, and data beside it.
const { execFileSync } = require('node:child_process');
const { Worker } = require('node:worker_threads');

require('./shared.cjs');
JSON.stringify(require('./data.json'));
new Worker('./worker.cjs').on('exit', () => {
  console.log(execFileSync(process.execPath, ['./child.cjs'], { encoding: 'utf8' }).trim());
});
