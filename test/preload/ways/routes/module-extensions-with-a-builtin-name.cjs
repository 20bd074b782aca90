const M = require('module');
process.chdir(__dirname + '/names');
M._extensions['.js'](new M('x'), 'os');
