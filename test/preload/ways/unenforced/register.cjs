'use strict';
const { register } = require('node:module');
const { pathToFileURL } = require('node:url');

register('./loader.mjs', pathToFileURL(process.argv[1]), { data: '!' });
console.log(require('./own.cjs'));
import('virtual')
  .then((target) => console.log(target.default))
  .then(() => import('./own.cjs'))
  .then((own) => console.log(own.default))
  .then(() => import('./own.mjs'))
  .then((own) => console.log(own.default));
