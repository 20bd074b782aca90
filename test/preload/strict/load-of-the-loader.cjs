// A promise of Node's gives away its loader, which gets another `load`.
const { createHook } = require('async_hooks');
const promises = [];
createHook({
  init(id, type, trigger, resource) {
    if (type === 'PROMISE') promises.push(resource);
  },
}).enable();
const source = `globalThis.console.log('RAN')`;
import('./approved.mjs').then(() => {
  for (const promise of promises.splice(0))
    promise.then(
      (value) => {
        if (value?.loader === undefined) return;
        value.loader.load = () => ({ format: 'module', source });
        import('./other.mjs').then(() => process.exit());
      },
      () => {},
    );
});
