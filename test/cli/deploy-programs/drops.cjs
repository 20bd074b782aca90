// drops.cjs FILE: writes a script to FILE, as an attacker would, gives it x, and loads it.
const fs = require('node:fs');

const [file] = process.argv.slice(2);
fs.writeFileSync(file, `console.log('dropped ran')`);
fs.chmodSync(file, 0o755);
try {
  require(file);
} catch (error) {
  console.log(error.code, error.verdict?.reason);
}
