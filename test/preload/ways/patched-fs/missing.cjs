// A file that is in a virtual file system alone.
'use strict';
const fs = require('node:fs');
const Module = require('node:module');

const VIRTUAL = `${__dirname}/virtual.cjs`;
const { readFileSync } = fs;
const { _findPath } = Module;
fs.readFileSync = (path, ...rest) =>
  path === VIRTUAL ? "console.log('virtual')" : readFileSync(path, ...rest);
Module._findPath = (request, ...rest) =>
  request === './virtual.cjs' ? VIRTUAL : _findPath(request, ...rest);
try {
  require('./virtual.cjs');
} catch (error) {
  console.log(error.code, /did not come from a file/.test(error.message));
}
