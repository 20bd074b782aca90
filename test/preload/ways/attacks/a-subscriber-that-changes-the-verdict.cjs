require('diagnostics_channel').subscribe('mayexec:check', (m) => {
  for (const [o, k, v] of [
    [m.verdict, 'allowed', true],
    [m.verdict, 'binding', false],
    [m, 'denied', false],
  ])
    try {
      o[k] = v;
    } catch {}
});
require('./dropped.cjs');
