const { closeSync, openSync, writeSync } = require('node:fs');
const { parentPort, workerData } = require('node:worker_threads');
const { enforcePolicy } = require(process.env.PACKAGE);

parentPort.postMessage('ready');
// It waits here until the other thread opens the fifo to read it.
const fd = openSync(workerData, 'w');
enforcePolicy();
writeSync(fd, 'process._rawDebug("ran")');
closeSync(fd);
