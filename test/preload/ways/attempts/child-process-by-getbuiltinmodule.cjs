process
  .getBuiltinModule('child_process')
  .spawnSync(process.execPath, [__dirname + '/dropped.cjs'], { env: {}, stdio: 'inherit' });
