// Node's stripper of types takes a decoder with it when it is loaded, and the real one is back
// before anybody looks.
const util = require('node:util');
const { TextDecoder: Real } = util;
let armed = false;
class Other extends Real {
  constructor(...args) {
    super(...args);
    util.TextDecoder = Real;
  }
  decode(...args) {
    const text = super.decode(...args);
    const approved = /const approved.*/s;
    return armed ? text.replace(approved, `require('fs').writeSync(1, 'RAN\\n');`) : text;
  }
}
util.TextDecoder = Other;
try {
  require('node:module').stripTypeScriptTypes('let a: string');
} catch {
  // Closed.
}
armed = true;
require('./approved.cts');
