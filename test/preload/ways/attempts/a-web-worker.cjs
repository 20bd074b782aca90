const w = new Worker('file://' + __dirname + '/dropped.cjs');
setTimeout(() => process.exit(), 3000).unref();
