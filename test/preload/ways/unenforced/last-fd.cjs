/** Code is loaded with the last fd that the process may have. */
const fs = require('node:fs');

const held = [];
const withLastFd = (load) => {
  try {
    for (;;) held.push(fs.openSync('/dev/null'));
  } catch {
    fs.closeSync(held.pop());
  }
  let found;
  try {
    found = typeof load();
  } catch ({ code }) {
    found = code;
  }
  while (held.length > 0) fs.closeSync(held.pop());
  console.log(found);
};

if (process.argv[2] === undefined) {
  const { execFileSync } = require('node:child_process');
  const limited = ['--nofile=64', process.execPath, ...process.execArgv, __filename, 'limited'];
  process.stdout.write(execFileSync('prlimit', limited));
} else {
  withLastFd(() => require('./a.cjs'));
  withLastFd(() => require('./a.json'));
  withLastFd(() => require('./a.node'));
}
