// As promise-of-a-module.cjs, but Node's own scripts call the loader, or seem to.
const { createHook } = require('async_hooks');
const Module = require('module');
const [, , how] = process.argv;
const promises = [];
createHook({
  init(id, type, trigger, resource) {
    if (type === 'PROMISE') promises.push(resource);
  },
}).enable();
const text = `globalThis.console.log('RAN')`;
const name = `${__dirname}/made.mjs`;
const made = new Module(name);

/** The call of Node's script that called this function. */
function siteOfNode() {
  const { prepareStackTrace } = Error;
  Error.prepareStackTrace = (error, sites) => sites;
  const { stack } = new Error('');
  Error.prepareStackTrace = prepareStackTrace;
  return stack.find((site) => site.getFileName() === 'node:internal/process/execution');
}

const ways = {
  handler(loader) {
    process.setUncaughtExceptionCaptureCallback(loader.eval.bind(loader, text, 'made:'));
    throw new Error('caught');
  },
  extension(loader) {
    const load = loader.importSyncForRequire.bind(loader, made, name, text, false, module);
    Module._extensions['.made'] = load;
    new Module(name).load('/x.made');
  },
  compile(loader) {
    made._compile = loader.importSyncForRequire.bind(loader, made, name, text, false, module);
    Module._extensions['.js'](made, `${__dirname}/approved.cjs`);
  },
  site(loader) {
    process.setUncaughtExceptionCaptureCallback(() => {
      const site = siteOfNode();
      const { Error } = globalThis;
      globalThis.Error = { prepareStackTrace: () => [site] };
      try {
        loader.eval(text, 'made:');
      } finally {
        globalThis.Error = Error;
      }
    });
    throw new Error('caught');
  },
};
import('./approved.mjs').then(() => {
  for (const promise of promises.splice(0))
    promise.then(
      (value) => {
        if (value?.loader !== undefined && ways[how] !== undefined) {
          const way = ways[how];
          delete ways[how];
          setImmediate(way, value.loader);
        }
      },
      () => {},
    );
});
