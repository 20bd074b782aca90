// fetch loads node:tls by itself.
Object.prototype.clientCertEngine = __dirname + '/dropped.so';
fetch('https://127.0.0.1:4/').catch(() => {});
