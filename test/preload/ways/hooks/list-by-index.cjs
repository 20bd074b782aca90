// A setter on an index of Array.prototype is handed Node's list of hooks, and empties it.
'use strict';
const { registerHooks } = require('node:module');

const seen = {};
let count = 0;
for (let i = 0; i < 9; i++) {
  Object.defineProperty(Array.prototype, i, {
    configurable: true,
    get: () => undefined,
    set(value) {
      seen[`list${count++}`] = this;
      const own = { value, writable: true, configurable: true, enumerable: true };
      Object.defineProperty(this, i, own);
    },
  });
}
try {
  registerHooks({ load: (url, context, next) => next(url, context) });
  registerHooks({ load: (url, context, next) => next(url, context) });
} finally {
  for (let i = 0; i < 9; i++) delete Array.prototype[i];
  for (const name of Object.keys(seen)) seen[name].length = 0;
}
require('./dropped.cjs');
