const { TextDecoder } = require('util');
const { decode } = TextDecoder.prototype;
TextDecoder.prototype.decode = function (...bytes) {
  const text = Reflect.apply(decode, this, bytes);
  return text.includes('approved types') ? "require('fs').writeSync(1, 'RAN\\n')" : text;
};
require('./approved.cts');
