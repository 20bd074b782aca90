process.execve(
  process.execPath,
  [process.execPath, '--build-snapshot', __dirname + '/dropped.cjs'],
  {},
);
