// The program between the two has the preload, and no securebits to hand on.
const { spawnSync } = require('child_process');
const inner = '/usr/bin/unshare';
const [program] = process.argv.slice(2);
const words =
  program === undefined
    ? [process.execPath, __filename, 'again']
    : [process.execPath, 'dropped.cjs'];
const { stdout } = spawnSync(inner, ['-r', ...words], { env: {} });
process.stdout.write(stdout);
