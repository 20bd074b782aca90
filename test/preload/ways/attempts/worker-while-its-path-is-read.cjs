const { Worker } = require('worker_threads');
const path = require('path');
const { isAbsolute } = path;
path.isAbsolute = (name) => {
  delete process.env.NODE_OPTIONS;
  return isAbsolute(name);
};
new Worker(__dirname + '/dropped.cjs', { execArgv: [] });
