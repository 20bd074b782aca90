// With NODE_DEBUG, Node shows the options of a Worker.
const { Worker } = require('worker_threads');
const workerData = {
  [require('util').inspect.custom]() {
    delete process.env.NODE_OPTIONS;
    return '';
  },
};
new Worker(__dirname + '/dropped.cjs', { workerData, execArgv: [] });
