try {
  require('tls')
    .createSecureContext()
    .context.setClientCertEngine(__dirname + '/dropped.so');
} catch {}
