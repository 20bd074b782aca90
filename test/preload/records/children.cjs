'use strict';
/* Starts a program in every way. The last one replaces this process. */
const { once } = require('node:events');
const child = require('node:child_process');
const cluster = require('node:cluster');
const { join } = require('node:path');

const ended = (started) => once(started, 'exit');
const program = join(__dirname, 'child.cjs');

(async () => {
  child.spawnSync('true', ['spawnSync']);
  child.execFileSync('true', ['execFileSync']);
  child.execSync('true execSync');
  await ended(child.spawn('true', ['spawn'], { cwd: '/', argv0: 'other' }));
  await ended(child.execFile('true', ['execFile']));
  await ended(child.exec('true exec'));
  await ended(child.fork(program, ['fork'], { execArgv: [] }));
  cluster.setupPrimary({ exec: program, args: ['cluster'], execArgv: [] });
  await ended(cluster.fork().process);
  process.execve('/bin/true', ['true', 'execve']);
})();
