const { readFileSync } = require('node:fs');

const said = ({ code, message, permission, resource }) =>
  console.log(code, message, permission, resource);
const outside = `${process.argv[2]}/module.cjs`;

console.log(require('./inside.cjs'));
for (const read of [require, readFileSync]) {
  try {
    console.log(read(outside));
  } catch (error) {
    said(error);
  }
}
import(outside)
  .then(({ default: value }) => console.log(value), said)
  .then(() => import('./inside.cjs'))
  .then(({ default: value }) => console.log(value));
