'use strict';
/* Two texts, each of them a hundred times, on two threads. */
const vm = require('node:vm');
const { isMainThread, Worker } = require('node:worker_threads');

for (let i = 0; i < 200; i++) vm.runInThisContext(`${i % 2}`);
if (isMainThread) new Worker(__filename);
