require('node:test')
  .run({ files: [__dirname + '/dropped.test.cjs'], isolation: 'none' })
  .on('test:stdout', (e) => process.stdout.write(e.message))
  .resume();
