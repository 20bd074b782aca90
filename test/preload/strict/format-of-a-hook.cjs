// A hook passes an approved text on, and calls it TypeScript. Node then strips its types with a
// decoder that the program has replaced.
const { registerHooks } = require('node:module');
const { TextDecoder } = require('node:util');
const { decode } = TextDecoder.prototype;
TextDecoder.prototype.decode = function (...bytes) {
  const text = Reflect.apply(decode, this, bytes);
  return text.includes('approved types') ? `console.log('RAN')` : text;
};
registerHooks({
  load(url, context, nextLoad) {
    const result = nextLoad(url, context);
    return url.includes('typed') ? { ...result, format: process.argv[2] } : result;
  },
});
const file = process.argv[2] === 'module-typescript' ? './typed.mjs' : './typed.cjs';
if (process.argv[3] === 'import') import(file);
else require(file);
