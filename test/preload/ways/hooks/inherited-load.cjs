// A load hook on Object.prototype becomes a hook of whoever registers one without.
'use strict';
const { registerHooks } = require('node:module');
const { readFileSync } = require('node:fs');

Object.prototype.load = (url, context, next) =>
  url.endsWith('dropped.mjs')
    ? { source: readFileSync(new URL(url), 'utf8'), format: 'module', shortCircuit: true }
    : next(url, context);
if (process.env.NODE_OPTIONS === undefined) registerHooks({});
// The first import: a preload may register something then.
import('./approved.mjs').then(() => import('./dropped.mjs'));
