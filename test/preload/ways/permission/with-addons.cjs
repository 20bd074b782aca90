const { spawnSync } = require('node:child_process');

const code = `process.permission.has('addon')`;
const { status, stdout } = spawnSync(
  process.execPath,
  ['--permission', '--allow-addons', '-p', code],
  { encoding: 'utf8' },
);
console.log(status, stdout);
