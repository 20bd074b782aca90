const c = require('diagnostics_channel').channel('mayexec:check');
Object.setPrototypeOf(c, {
  get hasSubscribers() {
    throw 1;
  },
});
try {
  require('./dropped.cjs');
} catch {}
require('./dropped.cjs');
