// Starts a Worker as its argument says.
const { Worker, SHARE_ENV } = require('node:worker_threads');

const dropped = '--require ' + __dirname + '/dropped.cjs';
const start = (options) => new Worker(__dirname + '/empty.cjs', options);

switch (process.argv[2]) {
  case 'NODE_OPTIONS of the process, and arguments':
    process.env.NODE_OPTIONS = dropped;
    start({ execArgv: [] });
    break;
  case 'NODE_OPTIONS of a shared environment, and arguments':
    process.env.NODE_OPTIONS = dropped;
    start({ execArgv: [], env: SHARE_ENV });
    break;
  case 'NODE_OPTIONS that are read twice': {
    let reads = 0;
    start({
      env: {
        get NODE_OPTIONS() {
          return reads++ === 0 ? '' : dropped;
        },
      },
    });
    break;
  }
  case 'arguments by an accessor':
    Object.defineProperty(Array.prototype, 0, {
      configurable: true,
      set() {},
      get: () => '--require',
    });
    Object.defineProperty(Array.prototype, 1, {
      configurable: true,
      set() {},
      get: () => __dirname + '/dropped.cjs',
    });
    start({ execArgv: new Array(2), env: {} });
    break;
  case 'another process.env':
    delete process.env.MAYEXEC_ENFORCE;
    process.env = {};
    new Worker(__dirname + '/dropped-worker.cjs');
    break;
  case 'an inherited trap of the proxy':
    Object.prototype.get = (target, name) =>
      name === 'prototype' ? target.prototype : target[name];
    new Worker(__dirname + '/dropped-worker.cjs', { execArgv: [], env: {} });
    break;
  default:
    throw new Error(process.argv[2]);
}
