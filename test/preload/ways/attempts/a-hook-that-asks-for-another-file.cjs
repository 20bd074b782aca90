require('module').registerHooks({ load: (u, c, n) => n(u.replace('approved', 'dropped'), c) });
require('./approved.cjs');
