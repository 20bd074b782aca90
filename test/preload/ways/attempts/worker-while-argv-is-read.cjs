const { Worker } = require('worker_threads');
const toString = () => {
  delete process.env.NODE_OPTIONS;
  return '';
};
new Worker(__dirname + '/dropped.cjs', { argv: [{ toString }], execArgv: [] });
