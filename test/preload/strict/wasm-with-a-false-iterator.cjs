// A list of functions has nothing in it, for whoever asks its iterator.
const original = Array.prototype[Symbol.iterator];
Array.prototype[Symbol.iterator] = function () {
  const list = typeof this[0] === 'function' ? [] : this;
  return original.call(list);
};
new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]).buffer);
require('fs').writeSync(1, 'RAN\n');
