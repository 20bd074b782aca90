const { PassThrough } = require('stream');
const input = new PassThrough();
require('repl').start({ input, output: process.stderr, useGlobal: true });
input.end(
  'child_process.spawnSync(process.execPath, [' +
    JSON.stringify(__dirname + '/dropped.cjs') +
    "], { env: {}, stdio: 'inherit' })\n",
);
