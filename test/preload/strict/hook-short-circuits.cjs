require('module').registerHooks({
  load: (u, c, n) =>
    u.endsWith('approved.mjs')
      ? {
          source: "process.getBuiltinModule('fs').writeSync(1, 'RAN\\n')",
          format: 'module',
          shortCircuit: true,
        }
      : n(u, c),
  resolve: (s, c, n) =>
    s === 'virtual' ? { url: 'file:///approved.mjs', shortCircuit: true } : n(s, c),
});
import('virtual');
