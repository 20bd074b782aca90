// A setter for `resolve` throws when a hook is registered after the program's own.
'use strict';
const { registerHooks } = require('node:module');
const { readFileSync } = require('node:fs');

registerHooks({
  load: (url, context, next) =>
    url.endsWith('dropped.cjs')
      ? { source: readFileSync(new URL(url), 'utf8'), format: 'commonjs', shortCircuit: true }
      : next(url, context),
});
let left = 1;
Object.defineProperty(Object.prototype, 'resolve', {
  configurable: true,
  get: () => undefined,
  set(value) {
    if (left-- === 0) throw new Error('no');
    Object.defineProperty(this, 'resolve', { value, configurable: true });
  },
});
try {
  registerHooks({});
} catch {
  // As intended.
}
delete Object.prototype.resolve;
require('./dropped.cjs');
