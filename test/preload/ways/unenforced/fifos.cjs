/** Each fifo is read before somebody opens it for writing. */
const { execFileSync, spawn } = require('node:child_process');
const { rmSync } = require('node:fs');

const texts = {
  'a.cjs': `module.exports = 'CommonJS'`,
  'a.js': `module.exports = 'js'`,
  'a.json': '"JSON"',
  'a.mjs': `export default 'ESM'`,
};
const writeLater = (name) => {
  rmSync(name, { force: true });
  execFileSync('mkfifo', [name]);
  spawn('sh', ['-c', 'sleep 0.5; echo "$1" > "$2"', 'sh', texts[name], name], { stdio: 'ignore' });
};

for (const name of ['a.cjs', 'a.js', 'a.json']) {
  writeLater(name);
  console.log(require(`./${name}`));
}
writeLater('a.mjs');
import('./a.mjs').then(({ default: text }) => console.log(text));
