// Promises of Node's loader lead to the class of modules, and to the loader itself.
const { createHook } = require('async_hooks');
const [, , what] = process.argv;
const promises = [];
createHook({
  init(id, type, trigger, resource) {
    if (type === 'PROMISE') promises.push(resource);
  },
}).enable();
const text = `globalThis.console.log('RAN')`;
const ways = {
  class({ module }) {
    if (module?.evaluate === undefined) return;
    const made = new module.constructor('made:', undefined, text, 0, 0);
    made.link([]);
    if (made.instantiateSync) made.instantiateSync();
    else made.instantiate();
    made.evaluate(-1, false);
    process.exit();
  },
  loader(job) {
    if (job.loader === undefined) return;
    job.loader.eval(text, 'made:').then(() => process.exit());
  },
};
import('./approved.mjs').then(() => {
  for (const promise of promises.splice(0))
    promise.then(
      (value) => {
        if (typeof value === 'object' && value !== null) ways[what](value);
      },
      () => {},
    );
});
