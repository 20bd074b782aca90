const { fork } = require('node:child_process');
const { Worker } = require('node:worker_threads');

console.log('main');
new Worker(__dirname + '/child.cjs', { argv: ['worker'] }).on('exit', () => {
  fork(__dirname + '/child.cjs', ['child']);
});
