require('module').registerHooks({
  load: (u, c, n) => {
    const r = n(
      u,
      u.endsWith('dropped.mjs') ? { ...c, format: 'json', importAttributes: { type: 'json' } } : c,
    );
    return u.endsWith('dropped.mjs') ? { ...r, format: 'module' } : r;
  },
});
import('./dropped.mjs');
