// While a hook loads data that is refused as code, another module is loaded and approved.
'use strict';
const { registerHooks } = require('node:module');

registerHooks({
  load(url, context, next) {
    if (!url.endsWith('dropped.cjs')) return next(url, context);
    const { source } = next(url, { ...context, format: 'json' });
    require('./approved.cjs');
    return { source, format: 'commonjs' };
  },
});
require('./dropped.cjs');
