const m = { exports: {} };
process.dlopen(m, require('path').join(process.env.PRELOAD, '../../build/Release/mayexec.node'));
const addon = m.exports;
addon.openCodeSync(-100, '/bin/true', 0n, 0, new Int32Array(5));
require('./dropped.cjs');
