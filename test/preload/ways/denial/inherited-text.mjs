import { registerHooks } from 'node:module';

registerHooks({
  load(url, context, nextLoad) {
    if (!url.endsWith('/approved.mjs')) return nextLoad(url, context);
    const result = { __proto__: { source: `console.log('RAN')` } };
    return Object.assign(result, { format: 'module', shortCircuit: true });
  },
});
await import('./approved.mjs');
