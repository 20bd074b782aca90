require('child_process').execFile(
  process.execPath,
  [__dirname + '/dropped.cjs'],
  { env: {} },
  (e, out) => process.stdout.write(out),
);
