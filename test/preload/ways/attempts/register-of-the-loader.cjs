// A promise of Node's gives away its loader, which starts hooks on a thread of their own.
const { createHook } = require('async_hooks');
const { pathToFileURL } = require('url');
const promises = [];
createHook({
  init(id, type, trigger, resource) {
    if (type === 'PROMISE') promises.push(resource);
  },
}).enable();
import('./approved.mjs').then(() => {
  for (const promise of promises.splice(0))
    promise.then(
      (value) => {
        if (value?.loader === undefined) return;
        value.loader.register('./dropped-loader.mjs', pathToFileURL(__filename).href);
        import('./other.mjs').then(() => process.exit());
      },
      () => {},
    );
});
