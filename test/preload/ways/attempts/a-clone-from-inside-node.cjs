// A clone that says that it is one of Node's own modules. By their list the hooks are taken out.
const { MessageChannel, BroadcastChannel, receiveMessageOnPort } = require('worker_threads');
const { prototype } = DOMException;
const symbol = (name) =>
  Object.getOwnPropertySymbols(prototype).find(({ description }) => description === name);
const mark = symbol('messaging_clone_symbol');
const fill = symbol('messaging_deserialize_symbol');
const given = new DOMException('');
given[mark] = () => ({ data: {}, deserializeInfo: 'internal/bootstrap/realm:BuiltinModule' });
Object.defineProperty(Object.prototype, fill, { configurable: true, writable: true, value() {} });
Object.defineProperty(Object.prototype, 'filename', {
  configurable: true,
  set() {
    delete Object.prototype.filename;
    const { map } = this.constructor;
    const hooks = map.get('internal/modules/customization_hooks').compileForInternalLoader();
    hooks.loadHooks.length = 0;
    require('./dropped.cjs');
    process.exit();
  },
});
const { port1, port2 } = new MessageChannel();
const carriers = {
  structuredClone: () => structuredClone({ deep: [given] }),
  port() {
    port1.postMessage({ deep: [given] });
    receiveMessageOnPort(port2);
  },
  event() {
    port2.on('message', () => {});
    port2.on('messageerror', () => process.exit());
    port1.postMessage(given);
  },
  broadcast() {
    const to = new BroadcastChannel('x');
    to.onmessage = () => {};
    to.onmessageerror = () => process.exit();
    new BroadcastChannel('x').postMessage(given);
  },
  mark: () => performance.mark('x', { detail: given }),
};
carriers[process.argv[2]]();
