const M = require('module');
M._extensions['.cjs'] = (m, f) =>
  m._compile("process.getBuiltinModule('fs').writeSync(1, 'RAN\\n')", f);
require('./approved.cjs');
