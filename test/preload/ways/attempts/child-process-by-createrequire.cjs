require('module')
  .createRequire('/x')('child_process')
  .spawnSync(process.execPath, [__dirname + '/dropped.cjs'], { env: {}, stdio: 'inherit' });
