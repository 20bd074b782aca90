// Takes NODE_OPTIONS away while Node constructs a Worker: EXEC_ARGV or SHARE_ENV says how.
const events = require('node:events');
const { SHARE_ENV, Worker } = require('node:worker_threads');

const { init } = events;
const { env } = process;
events.init = function (options) {
  delete env.NODE_OPTIONS;
  return init.call(this, options);
};
const shared = process.argv[2] === 'SHARE_ENV' ? { env: SHARE_ENV } : {};
new Worker(`${__dirname}/dropped.cjs`, { execArgv: [], ...shared });
