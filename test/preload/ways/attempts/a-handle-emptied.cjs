const h = require('module').registerHooks({ load: (u, c, n) => n(u, c) });
for (const k of Reflect.ownKeys(h))
  try {
    h[k] = undefined;
  } catch {}
require('./dropped.cjs');
