const c = require('cluster');
if (c.isPrimary)
  c.fork()
    .on('message', (m) => console.log(m))
    .on('exit', (s) => console.log(s));
else process.send(c.worker.id, () => process.disconnect());
