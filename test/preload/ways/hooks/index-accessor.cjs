// An accessor on an index of a prototype takes the hooks out of the chain that Node builds for a load.
'use strict';
const { registerHooks } = require('node:module');
const [, , owner, how, hooks = '0'] = process.argv;

// In Node's chain its own step is at 0, and that of each hook comes behind. The last one is called.
const accessor = {
  configurable: true,
  get() {
    return this[0];
  },
  set() {
    // The step of a hook is not kept.
  },
};
const count = Number(hooks);
for (let i = 0; i < count; i++) registerHooks({ load: (url, context, next) => next(url, context) });
const between = Object.create(Object.prototype);
const owners = { array: Array.prototype, object: Object.prototype, between };
const first = Math.max(1, count - 2);
for (let i = first; i < first + 8; i++) Object.defineProperty(owners[owner], i, accessor);
if (owner === 'between') Object.setPrototypeOf(Array.prototype, between);

if (how === 'require') require('./dropped.cjs');
else import('./dropped.mjs');
