const { spawnSync } = require('child_process');
const { defineProperty } = Object;
for (const name of ['indexOf', 'slice', 'startsWith', 'replaceAll', 'charAt']) {
  const method = String.prototype[name];
  for (const lie of ['', 0]) {
    defineProperty(String.prototype, name, { value: () => lie });
    try {
      spawnSync(process.execPath, ['--build-snapshot', __dirname + '/dropped.cjs'], {
        stdio: 'inherit',
        env: {},
      });
    } catch {}
    defineProperty(String.prototype, name, { value: method });
  }
}
