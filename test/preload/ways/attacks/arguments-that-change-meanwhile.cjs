let n = 0;
const args = ['', __dirname + '/dropped.cjs'];
Object.defineProperty(args, 0, {
  enumerable: true,
  get: () => (n++ ? '--build-snapshot' : '--no-warnings'),
});
for (let i = 0; i < 3; i++)
  require('child_process').spawnSync(process.execPath, args, { env: {}, stdio: 'inherit' });
