// Loads a file under a name that a Worker swaps with a file that may not run.
const fs = require('node:fs');
const Module = require('node:module');
const { Worker, isMainThread, workerData } = require('node:worker_threads');

function swapUntil(stop) {
  while (Atomics.load(stop, 0) === 0) {
    for (const target of ['approved.cjs', 'dropped.cjs']) {
      fs.symlinkSync(target, 'new');
      fs.renameSync('new', 'swapped.cjs');
    }
  }
}

function loadUntilBoth() {
  const count = { approved: 0, denied: 0 };
  for (const end = Date.now() + 10_000; Date.now() < end;) {
    try {
      const module = new Module('x');
      Module._extensions['.js'](module, `${__dirname}/swapped.cjs`);
      if (module.exports === 'approved') count.approved++;
    } catch (error) {
      if (error.code === 'EACCES') count.denied++;
    }
    if (count.approved > 50 && count.denied > 50) break;
  }
  return count;
}

if (isMainThread) {
  const stop = new Int32Array(new SharedArrayBuffer(4));
  fs.symlinkSync('approved.cjs', 'swapped.cjs');
  new Worker(__filename, { workerData: stop }).on('online', () => {
    const count = loadUntilBoth();
    Atomics.store(stop, 0, 1);
    console.log(count.approved > 0, count.denied > 0);
  });
} else swapUntil(workerData);
