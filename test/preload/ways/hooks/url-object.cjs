// A hook asks for an object that is another URL each time it is looked at.
'use strict';
const { registerHooks } = require('node:module');

const dropped = `file://${__dirname}/dropped.mjs`;
const answers = ['data:text/javascript,', 'data:text/javascript,', 'data:text/javascript,'];
const asked = { [Symbol.toPrimitive]: () => answers.shift() ?? dropped };
registerHooks({
  load(url, context, next) {
    if (!url.endsWith('approved.mjs')) return next(url, context);
    const plain = process.env.NODE_OPTIONS === undefined;
    return next(plain ? dropped : asked, { ...context, format: 'module' });
  },
});
import('./approved.mjs');
