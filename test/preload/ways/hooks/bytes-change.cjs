// A hook writes into the bytes that it was given, after it has returned them.
'use strict';
const { registerHooks } = require('node:module');
const { readFileSync } = require('node:fs');

registerHooks({
  load(url, context, next) {
    if (!url.endsWith('dropped.mjs')) return next(url, context);
    const dropped = readFileSync(new URL(url));
    const shared = new Uint8Array(new SharedArrayBuffer(dropped.length));
    shared.set(dropped);
    return { source: shared, format: 'module', shortCircuit: true };
  },
});
import('./dropped.mjs');
