// An accessor on Object.prototype takes what Node says to its hooks: accessor-of-context.cjs NAME HOW
'use strict';
const { readFileSync } = require('node:fs');
const { registerHooks } = require('node:module');

const [, , name, how] = process.argv;
const dropped = readFileSync(`${__dirname}/dropped.${how === 'import' ? 'mjs' : 'cjs'}`, 'utf8');
const lies = {
  format: how === 'import' ? 'json' : 'text',
  importAttributes: { type: 'text' },
  conditions: [],
  source: dropped,
};
// Without any hook Node asks nobody.
if (process.env.NODE_OPTIONS === undefined) registerHooks({});
Object.defineProperty(Object.prototype, name, {
  configurable: true,
  get: () => lies[name],
  set() {},
});
if (name !== 'format') {
  Object.defineProperty(Object.prototype, 'format', {
    configurable: true,
    get: () => (how === 'import' ? 'module' : 'text'),
    set() {},
  });
}
if (how === 'import') import(name === 'source' ? './approved.mjs' : './dropped.mjs');
else require('./dropped.cjs');
