// worker.mjs: in a Worker, whose checks are made on threads of its own, so that a fault can meet the
// start of one. Says what a row of program.mjs gives.
import { parentPort, workerData } from 'node:worker_threads';

const { index, path, enforce } = workerData;
const { openMayExecSync } = await import(index);

function outcome() {
  try {
    const file = openMayExecSync(path, { enforce });
    const text = file.textSync();
    file.closeSync();
    return { verdict: file.verdict, text };
  } catch ({ name, code }) {
    return { error: { name, code } };
  }
}

parentPort.postMessage(outcome());
