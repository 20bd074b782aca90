// Loads a file, calls checkModules(), and loads that file and another: before.cjs FIRST OTHER.
// The other has the name of the program's own script by then, as under tools that run scripts.
'use strict';
const [, , first, other] = process.argv;

const loaded = require(first);
require('../../../dist/modules.cjs').checkModules();
const ended = { again: require(first) === loaded };
process.argv = [process.argv[0], other];
try {
  require(other);
} catch (error) {
  ended.other = error.code;
}
console.log(JSON.stringify(ended));
