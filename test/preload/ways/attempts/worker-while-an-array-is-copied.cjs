// Node asks an array for its constructor before it copies it.
const { Worker } = require('worker_threads');
Object.defineProperty(Array.prototype, 'constructor', {
  get() {
    delete process.env.NODE_OPTIONS;
    return Array;
  },
});
new Worker(__dirname + '/dropped.cjs', { argv: ['x'], execArgv: [] });
