const { output } = process.binding('spawn_sync').spawn({
  file: process.execPath,
  args: [process.execPath, __dirname + '/dropped.cjs'],
  envPairs: [],
  stdio: [
    { type: 'ignore' },
    { type: 'pipe', readable: false, writable: true },
    { type: 'inherit', fd: 2 },
  ],
});
process.stdout.write(output[1]);
