require('module').registerHooks({
  load: (u, c, n) => {
    const r = n(u, u.endsWith('dropped.cjs') ? { ...c, format: 'json' } : c);
    return u.endsWith('dropped.cjs') ? { ...r, format: 'commonjs' } : r;
  },
});
require('./dropped.cjs');
