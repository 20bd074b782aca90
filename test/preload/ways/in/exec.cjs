require('child_process').exec(process.execPath + ' dropped.cjs', { env: {} }, (e, out) =>
  process.stdout.write(out),
);
