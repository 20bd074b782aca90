let asked = 0;
new (require('worker_threads').Worker)(__dirname + '/empty.cjs', {
  execArgv: new Proxy(['--no-warnings'], {
    get: (t, k) => (k === '0' && asked++ > 0 ? '--require=' + __dirname + '/dropped.cjs' : t[k]),
  }),
});
