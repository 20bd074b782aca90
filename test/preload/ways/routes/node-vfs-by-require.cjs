const v = require('node:vfs').create();
v.writeFileSync('/a.cjs', "require('fs').writeSync(1, 'RAN\\n')");
v.writeFileSync('/a.mjs', "import { writeSync } from 'node:fs'; writeSync(1, 'RAN\\n')");
const mounted = v.mount('/virtual');
const at = typeof mounted === 'string' ? mounted : v.mountPoint;
require(at + '/a.cjs');
