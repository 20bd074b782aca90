const source = require('fs').readFileSync(__dirname + '/dropped.mjs', 'utf8');
require('module').registerHooks({
  load: (u, c, n) =>
    u.endsWith('dropped.mjs') ? n(u, { ...c, source, format: 'module' }) : n(u, c),
});
import('./dropped.mjs');
