// Another thread closes the fds of checks, and has a file without x opened under their numbers.
const { closeSync, openSync } = require('node:fs');
const { isMainThread, Worker, workerData } = require('node:worker_threads');

/** The checks get the fds from here on. */
const FIRST = 40;
const CAUGHT = 100;
const dropped = `${__dirname}/dropped.json`;

/** The ways to get other fds in the place of a check's. */
const exchanges = {
  'its fd'(fd) {
    close(fd);
    openSync(dropped, 'r');
  },
  // The preload opens data in the same way as code, so it gets two fds of one opening, too.
  'both of its fds'(fd) {
    close(fd);
    close(fd + 1);
    delete require.cache[dropped];
    try {
      require(dropped);
    } catch {
      // It is no JSON.
    }
  },
};

function close(fd) {
  try {
    closeSync(fd);
  } catch {
    // It was not open.
  }
}

function exchange() {
  const act = exchanges[workerData.way];
  Atomics.wait(workerData.go, 0, 0);
  for (;;) for (let fd = FIRST; fd < FIRST + 4; fd++) act(fd);
}

function load() {
  const approved = require.resolve('./approved.cjs');
  let caught = 0;
  while (caught < CAUGHT) {
    delete require.cache[approved];
    try {
      if (require(approved) === 'dropped') return 'the file without x ran';
    } catch (error) {
      if (error.code === 'EBADFD') caught++;
    }
  }
  return 'each exchange was seen';
}

if (isMainThread) {
  const go = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(__filename, { workerData: { go, way: process.argv[2] } });
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
