// Another thread puts another file under the number of the fd by which a new Worker opens the image.
const { closeSync, openSync, readlinkSync } = require('node:fs');
const { isMainThread, parentPort, Worker, workerData } = require('node:worker_threads');

/** The Workers get fds from here on. */
const FIRST = 60;
const EXCHANGES = 25;
const { IMAGE, OTHER } = process.env;

/** How many Workers have started, have ended, were seen by the other thread, and were attacked. */
const STARTED = 0;
const ENDED = 1;
const SEEN = 2;
const EXCHANGED = 3;

/** Closes an fd of this file. Whether there was one. */
function closeOf(file) {
  for (let fd = FIRST; fd < FIRST + 10; fd++) {
    try {
      if (readlinkSync(`/proc/self/fd/${fd}`) !== file) continue;
      closeSync(fd);
      return true;
    } catch {
      // It is not open.
    }
  }
  return false;
}

function exchange(state, turn) {
  while (Atomics.load(state, ENDED) < turn) {
    if (!closeOf(IMAGE)) continue;
    openSync(OTHER);
    Atomics.add(state, EXCHANGED, 1);
    return;
  }
}

function exchangeAll(state) {
  for (let turn = 1; ; turn++) {
    Atomics.wait(state, STARTED, turn - 1);
    // What is left of the last turn.
    closeOf(OTHER);
    exchange(state, turn);
    Atomics.store(state, SEEN, turn);
    Atomics.notify(state, SEEN);
  }
}

/** What a new Worker gets from the image. Undefined when it fails. */
const start = () =>
  new Promise((resolve) => {
    let name;
    const worker = new Worker(__filename);
    worker.once('message', (got) => (name = got));
    worker.on('error', () => {});
    worker.once('exit', () => resolve(name));
  });

async function startAll(state) {
  while (openSync(__filename) < FIRST - 1);
  const names = new Set();
  for (let turn = 1; Atomics.load(state, EXCHANGED) < EXCHANGES; turn++) {
    Atomics.store(state, STARTED, turn);
    Atomics.notify(state, STARTED);
    names.add(await start());
    Atomics.store(state, ENDED, turn);
    Atomics.wait(state, SEEN, turn - 1);
  }
  console.log(names.has('bad') ? 'the other image ran' : 'each exchange was seen');
  process.exit();
}

if (isMainThread) {
  const state = new Int32Array(new SharedArrayBuffer(16));
  const exchanger = new Worker(__filename, { workerData: state });
  exchanger.once('message', () => void startAll(state));
} else if (workerData === undefined) {
  parentPort.postMessage(require('dep').name);
} else {
  parentPort.postMessage('ready');
  exchangeAll(workerData);
}
