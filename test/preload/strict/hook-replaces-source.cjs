require('module').registerHooks({
  load: (u, c, n) =>
    u.endsWith('approved.mjs')
      ? { ...n(u, c), source: "process.getBuiltinModule('fs').writeSync(1, 'RAN\\n')" }
      : n(u, c),
});
import('./approved.mjs');
