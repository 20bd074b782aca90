// An empty string has no first character, and so it inherits one.
const { spawnSync } = require('child_process');
String.prototype[0] = '-';
spawnSync(process.execPath, ['--title', '', '--build-snapshot', __dirname + '/dropped.cjs'], {
  stdio: 'inherit',
  env: {},
});
