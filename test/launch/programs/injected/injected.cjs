require(
  require('node:fs').existsSync(__dirname + '/dependency.cjs')
    ? './dependency.cjs'
    : '../dependency.cjs',
);
