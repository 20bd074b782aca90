const { Worker } = require('node:worker_threads');
new Worker(`${__dirname}/virtual-addon.cjs`, { argv: ['dlopen'] });
