require('child_process').spawnSync(process.execPath, [__dirname + '/dropped.cjs'], {
  env: {
    NODE_OPTIONS: {
      toString() {
        return '';
      },
    },
  },
  stdio: 'inherit',
});
