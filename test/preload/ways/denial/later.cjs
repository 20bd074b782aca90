const fs = require('node:fs');
fs.writeFileSync('late.cjs', 'console.log("RAN")');
try {
  require('./late.cjs');
} catch (error) {
  console.log(error.code);
}
fs.chmodSync('late.cjs', 0o755);
require('./late.cjs');
