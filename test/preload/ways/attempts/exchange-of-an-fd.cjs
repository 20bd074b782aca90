// Another thread closes the fds of checks, and opens a file without x under their numbers.
const { closeSync, openSync } = require('node:fs');
const { isMainThread, Worker, workerData } = require('node:worker_threads');

/** The checks get the fds from here on. */
const FIRST = 40;
const CAUGHT = 30;

function exchange() {
  Atomics.wait(workerData.go, 0, 0);
  for (;;) {
    for (let fd = FIRST; fd < FIRST + 4; fd++) {
      try {
        closeSync(fd);
      } catch {
        // It was not open.
      }
      openSync(workerData.file, 'r');
    }
  }
}

function load() {
  const approved = require.resolve('./approved.cjs');
  let caught = 0;
  while (caught < CAUGHT) {
    delete require.cache[approved];
    try {
      if (require(approved) === 'dropped') return 'the file without x ran';
    } catch (error) {
      if (error.code === 'EBADF') caught++;
    }
  }
  return 'each exchange was seen';
}

if (isMainThread) {
  const go = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(__filename, { workerData: { go, file: `${__dirname}/dropped.cjs` } });
  worker.once('online', () => {
    // The thread has fds of its own by now.
    while (openSync(__filename) < FIRST - 1);
    Atomics.store(go, 0, 1);
    Atomics.notify(go, 0);
    console.log(load());
    process.exit();
  });
} else {
  exchange();
}
