// The same setter on the class of Node's handles.
'use strict';
const { registerHooks } = require('node:module');
const { readFileSync } = require('node:fs');

const bypass = (url, context, next) =>
  url.endsWith('dropped.cjs')
    ? { source: readFileSync(new URL(url), 'utf8'), format: 'commonjs', shortCircuit: true }
    : next(url, context);
const setter = {
  configurable: true,
  get: () => undefined,
  set() {
    Object.defineProperty(this, 'load', { value: bypass });
  },
};
const prototype = Object.getPrototypeOf(registerHooks({}));
try {
  Object.defineProperty(prototype, 'load', setter);
} catch {
  Object.setPrototypeOf(prototype, Object.defineProperty({}, 'load', setter));
}
registerHooks({ load: bypass });
require('./dropped.cjs');
