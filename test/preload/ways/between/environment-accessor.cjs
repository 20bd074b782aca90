// Puts an accessor in the place of process.env, which gives another object each time.
const { Worker } = require('node:worker_threads');

Object.defineProperty(process, 'env', { configurable: true, get: () => ({}) });
new Worker(`${__dirname}/dropped.cjs`);
