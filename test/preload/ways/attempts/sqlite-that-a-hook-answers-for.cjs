require('module').registerHooks({
  load: (u, c, n) =>
    u === 'node:sqlite' ? { format: 'builtin', source: null, shortCircuit: true } : n(u, c),
});
const d = new (require('node:sqlite').DatabaseSync)(':memory:', { allowExtension: true });
try {
  d.loadExtension(__dirname + '/dropped.so');
} catch {}
