// Turns on a compile cache before or after checkModules(): cache.cjs WHEN FILE.
'use strict';
const { enableCompileCache, constants } = require('node:module');
const module_ = require('node:module');
const { tmpdir } = require('node:os');

const [, , when, file] = process.argv;
const ended = {};
try {
  if (when === 'before') enableCompileCache(tmpdir());
  require('../../../dist/modules.cjs').checkModules();
  if (when === 'after') {
    const { status } = module_.enableCompileCache(tmpdir());
    ended.disabled = status === constants.compileCacheStatus.DISABLED;
  }
  if (when === 'before, then enforced') {
    enableCompileCache(tmpdir());
    require('../../../dist/index.cjs').enforcePolicy();
  }
  require(file);
  ended.ran = true;
} catch (error) {
  ended.refused = error.message;
}
console.log(JSON.stringify(ended));
