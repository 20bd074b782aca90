const M = require('module');
const P = Object.getPrototypeOf(M.registerHooks({}));
const { deregister } = P;
const all = [];
P.deregister = function () {
  all.push(this);
  return deregister.call(this);
};
M.registerHooks({});
M.registerHooks({});
for (const h of all) deregister.call(h);
require('./dropped.cjs');
