process.env.NODE_OPTIONS = '';
process.stdout.write(
  require('child_process').spawnSync(process.execPath, [__dirname + '/dropped.cjs']).stdout,
);
