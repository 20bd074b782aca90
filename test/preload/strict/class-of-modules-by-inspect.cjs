// As promise-of-a-module.cjs. util.inspect shows the target of a Proxy to functions of the program.
const { createHook } = require('async_hooks');
const { inspect } = require('util');
const promises = [];
createHook({
  init(id, type, trigger, resource) {
    if (type === 'PROMISE') promises.push(resource);
  },
}).enable();

function classesOf({ constructor }) {
  const classes = new Set([constructor]);
  Object.defineProperty(Function.prototype, inspect.custom, {
    configurable: true,
    value() {
      if (typeof this === 'function') classes.add(this);
      return '';
    },
  });
  inspect(constructor, { showProxy: true });
  delete Function.prototype[inspect.custom];
  return classes;
}

function runBy(Module) {
  const made = new Module('made:', undefined, `globalThis.console.log('RAN')`, 0, 0);
  made.link([]);
  if (made.instantiateSync) made.instantiateSync();
  else made.instantiate();
  made.evaluate(-1, false);
  process.exit();
}

import('./approved.mjs').then(() => {
  for (const promise of promises.splice(0))
    promise.then(
      (value) => {
        const module = value?.module;
        if (module?.evaluate === undefined) return;
        for (const Module of classesOf(module))
          try {
            runBy(Module);
          } catch (error) {
            console.error(error.message);
          }
      },
      () => {},
    );
});
