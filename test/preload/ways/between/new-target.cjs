// Takes NODE_OPTIONS away when Node reads the prototype of what is constructed.
const { Worker } = require('node:worker_threads');

const { env } = process;
const newTarget = new Proxy(Worker, {
  get(target, key) {
    if (key === 'prototype') delete env.NODE_OPTIONS;
    return target[key];
  },
});
Reflect.construct(Worker, [`${__dirname}/dropped.cjs`, { execArgv: [] }], newTarget);
