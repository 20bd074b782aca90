/* A hook supplies the texts of modules that have no file. */
import { createRequire, registerHooks } from 'node:module';

const require = createRequire(import.meta.url);
const texts = {
  'made:imported': ['module', '/*imported*/'],
  'made:required': ['commonjs', '/*required*/'],
  [new URL('missing.mjs', import.meta.url)]: ['module', '/*no such file*/'],
};
registerHooks({
  resolve: (specifier, context, next) =>
    Object.hasOwn(texts, specifier)
      ? { url: specifier, format: texts[specifier][0], shortCircuit: true }
      : next(specifier, context),
  load(url, context, next) {
    if (!Object.hasOwn(texts, url)) return next(url, context);
    const [format, source] = texts[url];
    return { format, source, shortCircuit: true };
  },
});
await import('made:imported');
require('made:required');
await import(new URL('missing.mjs', import.meta.url));
