const { spawnSync } = require('node:child_process');
const { stdout, stderr } = spawnSync(process.execPath, [process.argv[2]], {
  env: {},
  encoding: 'utf8',
});
process.stdout.write(stdout + stderr);
