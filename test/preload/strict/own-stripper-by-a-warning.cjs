// Node warns before it loads its stripper of types: the language is another one when it goes on.
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
process.emitWarning = () => {
  util.TextDecoder = Other;
};
try {
  require('node:module').stripTypeScriptTypes('let a: string');
} catch {
  // It is refused.
}
armed = true;
require('./approved.cts');
