// Gives a Worker its options as a function, from which Node reads properties as well.
const { Worker } = require('node:worker_threads');

const options = () => undefined;
options.env = {};
new Worker(`${__dirname}/dropped.cjs`, options);
