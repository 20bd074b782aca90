require('node:test')
  .run({ files: [__dirname + '/dropped.test.cjs'] })
  .on('test:stdout', (e) => process.stdout.write(e.message))
  .resume();
