// What a program can replace does not get between the image and V8.
const bad = Buffer.from('module.exports = { name: "bad" }');
const values = { bytecode: bad, cachedData: bad, text: 'bad', content: 'bad', allowed: true };
for (const [name, value] of Object.entries(values)) {
  Object.defineProperty(Object.prototype, name, { value, writable: true, configurable: true });
}
for (const name of ['utf8Slice', 'hexSlice', 'compare', 'equals', 'toString']) {
  Buffer.prototype[name] = () => 'bad';
}
TextEncoder.prototype.encodeInto = () => ({ read: 0, written: 0 });
require('node:fs').readSync = () => 0;
require('node:crypto').hash = () => 'bad';
require('node:vm').compileFunction = () => () => console.log('bad');
require('node:vm').Script.prototype.runInThisContext = () => () => console.log('bad');
require('node:vm').Script = class {};
console.log(require('dep').name);
