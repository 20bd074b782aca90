// A getter for the class of arrays sees Node's list of hooks, and empties it.
const { registerHooks } = require('module');
const { constructor } = Array.prototype;
const lists = [];
Object.defineProperty(Array.prototype, 'constructor', {
  configurable: true,
  get() {
    lists.push(this);
    return constructor;
  },
});
registerHooks({
  resolve: (to, context, next) => next(to, context),
  load: (url, context, next) => next(url, context),
}).deregister();
for (const list of lists) list.length = 0;
require('./dropped.cjs');
