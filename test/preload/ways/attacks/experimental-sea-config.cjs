require('fs').writeFileSync(
  'sea.json',
  '{"main":"dropped.cjs","output":"blob","useSnapshot":true}',
);
require('child_process').spawnSync(process.execPath, ['--experimental-sea-config', 'sea.json'], {
  env: {},
  stdio: 'inherit',
});
