const m = new (require('module'))('x');
m.filename = __dirname + '/dropped.cjs';
require.cache[__dirname + '/dropped.cjs'] = m;
delete require.cache[__dirname + '/dropped.cjs'];
require('./dropped.cjs');
