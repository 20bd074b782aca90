// A clone that says that it is a child process, before any module asked for the class.
const { prototype } = DOMException;
const symbol = (name) =>
  Object.getOwnPropertySymbols(prototype).find(({ description }) => description.includes(name));
const given = new DOMException('');
given[symbol('clone')] = () => ({
  data: {},
  deserializeInfo: 'internal/child_process:ChildProcess',
});
Object.defineProperty(Object.prototype, symbol('deserialize'), {
  configurable: true,
  writable: true,
  value() {},
});
let child;
Object.defineProperty(Object.prototype, '_closesNeeded', {
  configurable: true,
  set(value) {
    child = this;
    Object.defineProperty(this, '_closesNeeded', { value, writable: true });
  },
});
structuredClone(given);
child.spawn({
  file: process.execPath,
  args: ['node', 'dropped.cjs'],
  envPairs: [],
  stdio: 'inherit',
});
