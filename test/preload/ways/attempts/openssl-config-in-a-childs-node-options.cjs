// Other rows run in this folder meanwhile.
const file = `${__dirname}/${process.pid}.cnf`;
require('fs').writeFileSync(
  file,
  'nodejs_conf = a\nopenssl_conf = a\n[a]\nengines = b\n[b]\nc = d\n[d]\nengine_id = dropped\ndynamic_path = ' +
    __dirname +
    '/dropped.so\ninit = 0\n',
);
require('child_process').spawnSync(process.execPath, ['approved.cjs'], {
  env: { NODE_OPTIONS: `--openssl-config=${file}` },
  stdio: 'inherit',
});
