require('module').registerHooks({
  load: (u, c, n) =>
    u.endsWith('virtual.cjs') ? n(u.replace('virtual.cjs', 'dropped.cjs'), c) : n(u, c),
  resolve: (s, c, n) =>
    s === 'virtual'
      ? {
          url: require('url').pathToFileURL(__dirname + '/virtual.cjs').href,
          format: 'commonjs',
          shortCircuit: true,
        }
      : n(s, c),
});
require('virtual');
