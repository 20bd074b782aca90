// The URL of a builtin, without node:.
const fs = require('fs');
const { registerHooks } = require('module');
fs.rmSync('worker_threads', { force: true });
fs.symlinkSync('approved.cjs', 'worker_threads');
registerHooks({
  resolve(specifier, context, nextResolve) {
    if (specifier !== './threads') return nextResolve(specifier, context);
    return { url: 'worker_threads', format: 'builtin', shortCircuit: true };
  },
});
const { Worker } = require('./threads');
new Worker(`${__dirname}/dropped.cjs`, { env: {}, execArgv: [] }).on('error', console.error);
