const fs = require('fs');
require('module').registerHooks({
  load: (u, c, n) =>
    u.endsWith('dropped.cjs')
      ? { source: fs.readFileSync(new URL(u), 'utf8'), format: 'commonjs', shortCircuit: true }
      : n(u, c),
});
require('./dropped.cjs');
