require('module').registerHooks({
  resolve: (s, c, n) => n(s === './approved.cjs' ? './dropped.cjs' : s, c),
});
require('./approved.cjs');
