'use strict';
/* Every way by which code comes into a running program, one after the other. */
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');
const { Worker } = require('node:worker_threads');

const ended = (worker) =>
  new Promise((resolve) => worker.once('exit', resolve).once('error', resolve));

(async () => {
  require('./required.cjs');
  await import('./imported.mjs');
  await import('data:text/javascript,globalThis.data = 1');
  await ended(new Worker('globalThis.worker = 1', { eval: true }));
  try {
    process.dlopen({ exports: {} }, join(__dirname, 'library.so'));
  } catch {
    // It is no library.
  }
  const { registerHooks } = require('node:module');
  const named = pathToFileURL(join(__dirname, 'named.cjs')).href;
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'virtual' ? { url: named, shortCircuit: true } : next(specifier, context),
  });
  require('virtual');
  const { PassThrough } = require('node:stream');
  require('node:repl').start({ input: new PassThrough(), output: new PassThrough() }).close();
  const inspector = require('node:inspector');
  inspector.open(0, '127.0.0.1');
  inspector.close();
})();
