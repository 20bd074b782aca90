const { fileURLToPath } = require('node:url');
// Node gives the pathname to a RegExp of another realm, which cannot make a string of it.
const pathname = { __proto__: null, length: 0 };
try {
  const url = { href: 'file:///c:/', protocol: 'file:', hostname: '', pathname };
  fileURLToPath(url, { windows: true });
} catch (error) {
  error.constructor.constructor('print', `print(1, 'RAN\\n')`)(require('node:fs').writeSync);
}
