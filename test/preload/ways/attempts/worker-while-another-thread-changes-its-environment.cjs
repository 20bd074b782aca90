// Another thread takes the preload out of the environment that they share, and puts it back.
const { Worker, SHARE_ENV, isMainThread, parentPort } = require('worker_threads');

const TRIES = 40;
const kinds = [{ execArgv: [] }, { env: SHARE_ENV, execArgv: [] }];

function change() {
  const before = process.env.NODE_OPTIONS;
  parentPort.postMessage('begun');
  for (const end = Date.now() + 2000; Date.now() < end;) {
    process.env.NODE_OPTIONS = '';
    process.env.NODE_OPTIONS = before;
  }
}

async function tryOften() {
  let refusal;
  for (let i = 0; i < TRIES; i++) {
    try {
      await new Promise((ended, failed) => {
        new Worker(`${__dirname}/dropped.cjs`, kinds[i % 2]).on('error', failed).on('exit', ended);
      });
    } catch (error) {
      refusal = error;
    }
  }
  throw refusal;
}

if (isMainThread) new Worker(__filename, { env: SHARE_ENV }).once('message', tryOften);
else change();
