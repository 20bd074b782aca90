const fs = require('fs');
const bad = fs.readFileSync('dropped.cjs', 'utf8');
fs.readFileSync = () => bad;
fs.openSync = () => 0;
fs.fstatSync = () => ({ isFile: () => true, mode: 0o755 });
require('module').syncBuiltinESMExports();
require('./dropped.cjs');
