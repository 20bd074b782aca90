const M = require('module');
new M('x')._compile("process.getBuiltinModule('fs').writeSync(1, 'RAN\\n')", __filename);
