// A file whose name is in a comment of the text that Node compiles.
const { copyFileSync } = require('node:fs');
const name = `${__dirname}/\nrequire('fs').writeSync(1, 'RAN\\n');<!--.cts`;
copyFileSync('types.cts', name);
require(name);
