const { Worker } = require('worker_threads');
process.cwd = () => {
  delete process.env.NODE_OPTIONS;
  return __dirname;
};
new Worker('./dropped.cjs', { execArgv: [] });
