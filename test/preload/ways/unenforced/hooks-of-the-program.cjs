require('node:module').registerHooks({
  load(url, context, nextLoad) {
    const result = nextLoad(url, context);
    console.log(url.split('/').pop(), result.format, typeof result.source);
    return url.endsWith('a.cjs') ? { ...result, source: 'module.exports = 2' } : result;
  },
});
console.log(require('./a.cjs'));
import('./b.mjs');
