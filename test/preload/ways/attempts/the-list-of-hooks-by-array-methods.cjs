const M = require('module');
const seen = new Set();
for (const m of Object.getOwnPropertyNames(Array.prototype)) {
  const f = Array.prototype[m];
  if (typeof f === 'function' && m !== 'constructor')
    Array.prototype[m] = function (...a) {
      seen.add(this);
      return Reflect.apply(f, this, a);
    };
}
const h = M.registerHooks({});
h.deregister();
M.registerHooks({});
for (const list of seen) if (Array.isArray(list)) list.length = 0;
require('./dropped.cjs');
