/* Prints which modules go through Module._load, and what the result of a hook has. */
import Module, { registerHooks } from 'node:module';
import { basename } from 'node:path';

registerHooks({
  load(url, context, nextLoad) {
    const result = nextLoad(url, context);
    console.log('hook', basename(url), Boolean(result.shouldBeReloadedByCJSLoader));
    return result;
  },
});
const load = Module._load;
Module._load = function (...args) {
  console.log('load', basename(args[0]));
  return Reflect.apply(load, this, args);
};
await import('./a.cjs');
