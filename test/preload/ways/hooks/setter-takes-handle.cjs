// A setter for `load` keeps the handle of every hook that is registered, and takes each out again.
'use strict';
const { registerHooks } = require('node:module');
const { readFileSync } = require('node:fs');

const bypass = (url, context, next) =>
  url.endsWith('dropped.cjs')
    ? { source: readFileSync(new URL(url), 'utf8'), format: 'commonjs', shortCircuit: true }
    : next(url, context);
const handles = new Set();
Object.defineProperty(Object.prototype, 'load', {
  configurable: true,
  get: () => undefined,
  set(value) {
    handles.add(this);
    Object.defineProperty(this, 'load', { value, configurable: true });
  },
});
const own = registerHooks({ load: bypass });
delete Object.prototype.load;
for (const handle of handles) if (handle !== own) handle.deregister();
require('./dropped.cjs');
