// util.inspect shows the target of a Proxy to functions of the program.
const { inspect } = require('util');
const classes = new Set([WebAssembly.Module]);
Object.defineProperty(Function.prototype, inspect.custom, {
  configurable: true,
  value() {
    if (typeof this === 'function') classes.add(this);
    return '';
  },
});
inspect(WebAssembly.Module, { showProxy: true });
delete Function.prototype[inspect.custom];
for (const Module of classes)
  try {
    WebAssembly.Module.exports(new Module(Buffer.from('0061736d01000000', 'hex')));
    console.log('RAN');
  } catch (error) {
    console.error(error.message);
  }
