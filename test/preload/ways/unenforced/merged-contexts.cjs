const { registerHooks } = require('node:module');

const tell = (name, { own, format }) => console.log(name, own, format);
registerHooks({
  load(url, context, nextLoad) {
    tell('first', context);
    return nextLoad(url, context);
  },
});
registerHooks({
  load(url, context, nextLoad) {
    tell('second', context);
    return nextLoad(url);
  },
});
registerHooks({
  load(url, context, nextLoad) {
    return nextLoad(url, { own: 'given by the last one' });
  },
});
require('./a.cjs');
import('./b.mjs');
