// An agent of node:http loads node:tls for a proxy.
const { Agent, get } = require('node:http');
Object.prototype.clientCertEngine = __dirname + '/dropped.so';
const agent = new Agent({ proxyEnv: { http_proxy: 'https://127.0.0.1:4/' } });
get('http://127.0.0.1:5/', { agent }).on('error', () => {});
