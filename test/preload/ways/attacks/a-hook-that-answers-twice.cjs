const text = require('fs').readFileSync('dropped.mjs', 'utf8');
let k = 0;
require('module').registerHooks({
  load: (u, c, n) => {
    const r = n(u, c);
    return u.endsWith('dropped.mjs')
      ? {
          format: 'module',
          shortCircuit: true,
          get source() {
            return k++ ? text : r.source;
          },
        }
      : r;
  },
});
import('./dropped.mjs');
