const M = require('module');
M._extensions['.js'](new M('x'), __dirname + '/dropped.cjs');
