require('child_process').spawnSync(process.execPath, [__dirname + '/empty.cjs'], {
  argv0: '--require=' + __dirname + '/dropped.cjs',
  stdio: 'inherit',
});
