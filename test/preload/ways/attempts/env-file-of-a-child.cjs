require('child_process').spawnSync(process.execPath, ['--env-file=.env.dropped', 'approved.cjs'], {
  env: {},
  stdio: 'inherit',
});
