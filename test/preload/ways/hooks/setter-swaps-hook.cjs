// A setter for `load` puts the program's function in the place of the one that Node was given.
'use strict';
const { registerHooks } = require('node:module');
const { readFileSync } = require('node:fs');

const bypass = (url, context, next) =>
  url.endsWith('dropped.cjs')
    ? { source: readFileSync(new URL(url), 'utf8'), format: 'commonjs', shortCircuit: true }
    : next(url, context);
Object.defineProperty(Object.prototype, 'load', {
  configurable: true,
  get: () => undefined,
  set() {
    Object.defineProperty(this, 'load', { value: bypass });
  },
});
registerHooks({ load: bypass });
delete Object.prototype.load;
require('./dropped.cjs');
