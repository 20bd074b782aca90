const { Worker } = require('node:worker_threads');

const ways = {
  plain: {},
  env: { env: {} },
  'no options': { execArgv: [] },
  neither: { env: {}, execArgv: [] },
  'a model of its own': { execArgv: ['--permission', `--allow-fs-read=${__dirname}`] },
};
(async () => {
  for (const [name, options] of Object.entries(ways)) {
    const worker = new Worker(`${__dirname}/tell.cjs`, { ...options, workerData: name });
    await new Promise((resolve) => worker.on('error', console.log).on('exit', resolve));
  }
})();
