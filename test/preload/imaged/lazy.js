#!/usr/bin/env node
const described = (owner) =>
  Object.getOwnPropertyNames(owner).map((name) => {
    const { value, ...attributes } = Object.getOwnPropertyDescriptor(owner, name);
    return [name, typeof value, attributes];
  });
let missing;
try {
  require.resolve('not-there');
} catch (error) {
  missing = error.message;
}
exports.require = described(require);
exports.resolve = described(require.resolve);
exports.found = require.resolve('dep');
exports.paths = require.resolve.paths('dep');
exports.missing = missing;
exports.cached = require.cache[__filename] === module;
exports.names = [
  __filename,
  __dirname,
  this === exports,
  module.id,
  module.loaded,
  arguments.length,
];
exports.stack = new Error('here').stack.split('\n').slice(0, 2);
exports.unicode = 'ä€𝒳';
exports.imports = typeof import('./module.mjs').then;
