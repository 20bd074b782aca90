'use strict';
/* Runs a text in every way. Each text names its way. */
const { once } = require('node:events');
const Module = require('node:module');
const { join } = require('node:path');
const vm = require('node:vm');
const { Worker } = require('node:worker_threads');

(async () => {
  await import('data:text/javascript,/*data-url*/');
  await import(`data:text/javascript;base64,${Buffer.from('/*base64*/').toString('base64')}`);
  await once(new Worker('/*worker-eval*/', { eval: true }), 'exit');
  new vm.Script('/*vm.Script*/');
  vm.runInThisContext('/*runInThisContext*/');
  vm.runInNewContext('/*runInNewContext*/');
  vm.runInContext('/*runInContext*/', vm.createContext());
  vm.compileFunction('/*compileFunction*/');
  eval('/*eval*/');
  (0, eval)('/*indirect*/');
  new Function('a', 'b', '/*Function*/');
  (async () => {}).constructor('/*AsyncFunction*/');
  (function* () {}).constructor('/*GeneratorFunction*/');
  (async function* () {}).constructor('/*AsyncGeneratorFunction*/');
  new Module('compiled')._compile('/*compile*/', join(__dirname, 'compiled.cjs'));
  Module.registerHooks({
    load: (url, context, next) =>
      url.endsWith('child.cjs')
        ? { format: 'commonjs', source: '/*hooks*/', shortCircuit: true }
        : next(url, context),
  });
  require('./child.cjs');
})();
