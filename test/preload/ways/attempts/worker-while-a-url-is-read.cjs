const { Worker } = require('worker_threads');
const url = require('url').pathToFileURL(__dirname + '/dropped.cjs');
Object.defineProperty(url, 'protocol', {
  get() {
    delete process.env.NODE_OPTIONS;
    return 'file:';
  },
});
new Worker(url, { execArgv: [] });
