// A hook asks for a file: URL in a spelling that only Node's own step understands.
'use strict';
const { registerHooks } = require('node:module');

const [, , spelling] = process.argv;
const path = `//${__dirname}/dropped.mjs`;
const url = { upper: `FILE:${path}`, space: ` file:${path}`, tab: `fi\tle:${path}` }[spelling];
registerHooks({
  load: (asked, context, next) => next(asked.endsWith('approved.mjs') ? url : asked, context),
});
import('./approved.mjs');
