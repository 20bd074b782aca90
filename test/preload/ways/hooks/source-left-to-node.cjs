// A hook gives no source, and Node opens the file of an imported CommonJS module itself.
const { registerHooks } = require('node:module');
const [, , none, file, format] = process.argv;
registerHooks({
  load(url, context, nextLoad) {
    if (!url.endsWith(file)) return nextLoad(url, context);
    return { format, source: none === 'null' ? null : undefined, shortCircuit: true };
  },
});
import(`./${file}`);
