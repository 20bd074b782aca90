if (process.argv[2]) process.send(process.argv.length);
else
  require('child_process')
    .fork(__filename, ['x'])
    .on('message', (m) => console.log(m))
    .on('exit', (s) => console.log(s));
