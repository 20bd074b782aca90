import('child_process').then((c) =>
  c.spawnSync(process.execPath, [__dirname + '/dropped.cjs'], { env: {}, stdio: 'inherit' }),
);
