const p = new (process.binding('process_wrap').Process)();
p.onexit = () => {};
if (process.version < 'v24')
  p.spawn({
    file: process.execPath,
    args: [process.execPath, __dirname + '/dropped.cjs'],
    envPairs: [],
    stdio: [{ type: 'ignore' }, { type: 'fd', fd: 1 }, { type: 'fd', fd: 2 }],
  });
else
  p.spawn(
    process.execPath,
    [process.execPath, __dirname + '/dropped.cjs'],
    undefined,
    [],
    [{ type: 'ignore' }, { type: 'fd', fd: 1 }, { type: 'fd', fd: 2 }],
    0,
  );
