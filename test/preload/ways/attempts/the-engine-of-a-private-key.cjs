try {
  require('tls').createSecureContext({
    privateKeyEngine: __dirname + '/dropped.so',
    privateKeyIdentifier: 'x',
  });
} catch {}
