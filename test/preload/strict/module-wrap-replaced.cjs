const M = require('module');
M.wrap = () => '(function () {' + "process.getBuiltinModule('fs').writeSync(1, 'RAN\\n')" + '})';
require('./approved.cjs');
