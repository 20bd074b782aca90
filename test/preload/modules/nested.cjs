// Runs in a Worker, and starts another with the file that it is given.
'use strict';
const { Worker, workerData } = require('node:worker_threads');

new Worker(workerData).once('error', (error) => {
  throw error;
});
