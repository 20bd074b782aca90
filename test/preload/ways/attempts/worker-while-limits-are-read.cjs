const { Worker } = require('worker_threads');
const resourceLimits = {
  get stackSizeMb() {
    delete process.env.NODE_OPTIONS;
    return 4;
  },
};
new Worker(__dirname + '/dropped.cjs', { resourceLimits, execArgv: [] });
