// Gives a Worker a string for its options, whose prototype has an environment.
const { Worker } = require('node:worker_threads');

String.prototype.env = {};
new Worker(`${__dirname}/dropped.cjs`, 'options');
