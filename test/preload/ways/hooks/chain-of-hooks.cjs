// One hook asks for data, the next calls it code, and a third takes itself out meanwhile.
'use strict';
const { registerHooks } = require('node:module');

const isDropped = (url) => url.endsWith('dropped.cjs');
registerHooks({
  load: (url, context, next) =>
    next(url, isDropped(url) ? { ...context, format: 'json' } : context),
});
const second = registerHooks({
  load(url, context, next) {
    const result = next(url, context);
    second.deregister();
    return result;
  },
});
registerHooks({
  load(url, context, next) {
    const result = next(url, context);
    return isDropped(url) ? { ...result, format: 'commonjs' } : result;
  },
});
require('./dropped.cjs');
