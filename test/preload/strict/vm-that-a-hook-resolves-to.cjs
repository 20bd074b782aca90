// The URL of a builtin, without node:.
const { registerHooks } = require('module');
require('fs').symlinkSync('approved.cjs', 'vm');
registerHooks({
  resolve(specifier, context, nextResolve) {
    if (specifier !== './virtual') return nextResolve(specifier, context);
    return { url: 'vm', format: 'builtin', shortCircuit: true };
  },
});
require('./virtual').runInThisContext(`console.log('RAN')`);
