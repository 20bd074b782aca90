const M = require('module');
const seen = [];
for (let i = 0; i < 9; i++)
  Object.defineProperty(Array.prototype, i, {
    configurable: true,
    get() {},
    set(value) {
      seen.push(this);
      Object.defineProperty(this, i, {
        value,
        writable: true,
        configurable: true,
        enumerable: true,
      });
    },
  });
M.registerHooks({});
for (let i = 0; i < 9; i++) delete Array.prototype[i];
for (const list of seen) list.length = 0;
require('./dropped.cjs');
