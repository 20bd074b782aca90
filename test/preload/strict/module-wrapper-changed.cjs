const M = require('module');
M.wrapper[0] =
  '(function () {' +
  "process.getBuiltinModule('fs').writeSync(1, 'RAN\\n')" +
  '}) ||' +
  M.wrapper[0];
M.wrapper[0] =
  '(function () {' + "process.getBuiltinModule('fs').writeSync(1, 'RAN\\n')" + '; return;';
require('./approved.cjs');
