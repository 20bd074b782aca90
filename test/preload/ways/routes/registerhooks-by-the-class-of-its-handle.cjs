const fs = require('fs');
const C = require('module').registerHooks({}).constructor;
new C(undefined, (u, c, n) =>
  u.endsWith('dropped.cjs')
    ? { source: fs.readFileSync(new URL(u), 'utf8'), format: 'commonjs', shortCircuit: true }
    : n(u, c),
);
require('./dropped.cjs');
