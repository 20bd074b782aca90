const c = require('diagnostics_channel').channel('mayexec:check');
Object.defineProperty(c, 'hasSubscribers', { value: true });
c.publish = () => {};
require('./dropped.cjs');
