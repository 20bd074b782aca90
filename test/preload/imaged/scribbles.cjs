// As its owner, it writes other bytecode into the file that it has bytecode from.
const { readFileSync, writeFileSync } = require('node:fs');
const bytes = readFileSync(process.env.IMAGE);
writeFileSync(process.env.IMAGE, bytes.fill('x', bytes.length >> 2));
try {
  console.log(require('dep').name);
} catch (error) {
  console.log(error.code, error.message);
}
