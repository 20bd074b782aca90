// As its owner, it writes other code into the image that it runs from.
const { chmodSync, readFileSync, writeFileSync } = require('node:fs');
const bytes = readFileSync(process.env.IMAGE, 'latin1');
chmodSync(process.env.IMAGE, 0o755);
writeFileSync(process.env.IMAGE, bytes.replaceAll("name: 'dep'", "name: 'bad'"), 'latin1');
try {
  console.log(require('dep').name);
} catch (error) {
  console.log(error.code, error.message);
}
