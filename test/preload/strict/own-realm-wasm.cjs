const { fileURLToPath } = require('node:url');
// Node gives the pathname to a RegExp of another realm, which cannot make a string of it. That realm
// has a WebAssembly of its own.
const pathname = { __proto__: null, length: 0 };
const bytes = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);
try {
  const url = { href: 'file:///c:/', protocol: 'file:', hostname: '', pathname };
  fileURLToPath(url, { windows: true });
} catch (error) {
  const { Module } = error.constructor.constructor('return WebAssembly')();
  if (WebAssembly.Module.exports(new Module(bytes)).length === 0) console.log('RAN');
}
