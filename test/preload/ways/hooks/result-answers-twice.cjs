// The result of a hook has another source, or another format, when it is asked again.
'use strict';
const { registerHooks } = require('node:module');
const { readFileSync } = require('node:fs');

const [, , key] = process.argv;
registerHooks({
  load(url, context, next) {
    if (!url.endsWith('dropped.cjs')) return next(url, context);
    const source = readFileSync(new URL(url), 'utf8');
    let asked = 0;
    const result = { source, format: 'commonjs', shortCircuit: true };
    const first = { source: '{}', format: 'json' }[key];
    const later = result[key];
    return Object.defineProperty(result, key, { get: () => (asked++ === 0 ? first : later) });
  },
});
require('./dropped.cjs');
