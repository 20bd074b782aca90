// As register-of-the-loader.cjs, but Node's own script calls it.
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
        const loader = value?.loader;
        if (loader === undefined) return;
        const names = ['resolve', 'resolveSync', 'load', 'loadAndTranslate'];
        const place = [`${__dirname}/dropped-loader.mjs`, pathToFileURL(__filename).href];
        for (const name of names) loader[name] = loader.register.bind(loader, ...place);
        const end = () => process.exit();
        import('./other.mjs').then(end, end);
      },
      () => {},
    );
});
