const fs = require('node:fs');
const files = require('node:vfs').create();
files.writeFileSync('/own.node', fs.readFileSync('dropped.node'));
const mounted = files.mount('/virtual');
const path = `${typeof mounted === 'string' ? mounted : files.mountPoint}/own.node`;
const load = process.argv[2];
if (load === 'require') require(path);
else process.dlopen({ exports: {} }, path);
