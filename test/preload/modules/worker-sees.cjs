// Prints NODE_OPTIONS of a Worker, and of the program after it: worker-sees.cjs SEES.
'use strict';
const { Worker } = require('node:worker_threads');

require('../../../dist/modules.cjs').checkModules();
new Worker(process.argv[2]).once('message', (options) => {
  console.log(JSON.stringify([options, process.env.NODE_OPTIONS ?? null]));
});
