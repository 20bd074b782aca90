const { Worker, SHARE_ENV } = require('worker_threads');
const toString = () => {
  process.env.NODE_OPTIONS = '';
  return '';
};
new Worker(__dirname + '/dropped.cjs', { argv: [{ toString }], env: SHARE_ENV, execArgv: [] });
