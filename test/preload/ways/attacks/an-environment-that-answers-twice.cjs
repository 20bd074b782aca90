let n = 0;
require('child_process').spawnSync(process.execPath, [__dirname + '/dropped.cjs'], {
  get env() {
    return n++ ? {} : { X: '1' };
  },
  stdio: 'inherit',
});
