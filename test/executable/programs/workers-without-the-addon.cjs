const { readdirSync, rmSync } = require('node:fs');
const { isMainThread, Worker, workerData } = require('node:worker_threads');

if (isMainThread) {
  for (const name of readdirSync(__dirname)) {
    if (name.endsWith('.node')) rmSync(`${__dirname}/${name}`);
  }
  new Worker(__filename, { workerData: 'one' });
} else if (workerData === 'one') {
  new Worker(__filename, { workerData: 'one of another' });
} else {
  console.log('a Worker of a Worker');
}
