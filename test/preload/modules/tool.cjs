// A tool that takes its builtins, calls checkModules() and then loads what is in a folder:
// tool.cjs FOLDER POLICY. Prints how each load has ended, as JSON.
'use strict';
const Module = require('node:module');
const { createRequire } = Module;
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');
const workers = require('node:worker_threads');

const mayexec = require('../../../dist/index.cjs');
const { checkModules } = require('../../../dist/modules.cjs');

const [, , folder, policy] = process.argv;
if (policy === 'enforcePolicy()') mayexec.enforcePolicy();
checkModules(policy === 'enforce: true' ? { enforce: true } : undefined);
if (policy === 'enforcePolicy(), later') mayexec.enforcePolicy();

const at = (name) => join(folder, name);
const url = (name) => pathToFileURL(at(name)).href;

const runWorker = (program, options) =>
  new Promise((resolve, reject) => {
    const worker = new workers.Worker(program, options);
    worker.once('error', reject);
    worker.once('exit', resolve);
  });

/** Loads a file through a hook of the tool's that gives another text. */
function throughHook(name) {
  const hooks = Module.registerHooks({
    load: (given, context, next) =>
      given === url(name)
        ? { source: 'module.exports = "replaced"', format: 'commonjs', shortCircuit: true }
        : next(given, context),
  });
  try {
    return require(at(name));
  } finally {
    hooks.deregister();
  }
}

const loads = {
  require: (name) => require(at(`${name}.cjs`)),
  createRequire: (name) => createRequire(at('x'))(`./${name}-created.cjs`),
  'Module._load': (name) => Module._load(at(`${name}-loaded.cjs`)),
  'require of ESM': (name) => require(at(`${name}-required.mjs`)),
  'import()': (name) => import(url(`${name}.mjs`)),
  'import() of CommonJS': (name) => import(url(`${name}-imported.cjs`)),
  'import() that imports': (name) => import(url(`${name}-importer.mjs`)),
  'require of TypeScript': (name) => require(at(`${name}.cts`)),
  'import() of TypeScript': (name) => import(url(`${name}.mts`)),
  'require of JSON': (name) => require(at(`${name}.json`)),
  'import() of JSON': (name) => import(url(`${name}.json`), { with: { type: 'json' } }),
  'process.dlopen': (name) => process.dlopen({ exports: {} }, at(`${name}.node`)),
  'require of an addon': (name) => require(at(`${name}-required.node`)),
  'a hook of the tool': (name) => throughHook(`${name}-hooked.cjs`),
  'a Worker': (name) => runWorker(at(`${name}.cjs`)),
  'a Worker with an environment': (name) => runWorker(at(`${name}.cjs`), { env: {} }),
  'a Worker that shares it': (name) => runWorker(at(`${name}.cjs`), { env: workers.SHARE_ENV }),
  'a Worker with arguments': (name) => runWorker(at(`${name}.cjs`), { execArgv: [] }),
  'a Worker in a Worker': (name) => runWorker(at('nested.cjs'), { workerData: at(`${name}.cjs`) }),
  'a Worker of getBuiltinModule': (name) => {
    const { Worker } = process.getBuiltinModule('worker_threads');
    return new Promise((resolve, reject) => {
      new Worker(at(`${name}.cjs`)).once('error', reject).once('exit', resolve);
    });
  },
  'a data: URL': () => import('data:text/javascript,export default 1'),
  'module.register': () => Module.register('data:text/javascript,'),
};

async function main() {
  const ended = {};
  for (const [load, run] of Object.entries(loads)) {
    ended[load] = {};
    for (const name of ['allowed', 'refused']) {
      try {
        await run(name);
        ended[load][name] = 'ran';
      } catch (error) {
        // An error of a Worker is a copy, which has kept its name.
        ended[load][name] =
          error.name === 'ExecDeniedError' ? 'refused' : `${error.name}: ${error.message}`;
      }
    }
  }
  console.log(JSON.stringify(ended));
}
main();
