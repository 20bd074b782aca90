const m = { exports: {} };
process.dlopen(m, require('path').join(process.env.PRELOAD, '../../build/Release/mayexec.node'));
const addon = m.exports;
for (let i = 3; i < 64; i++) addon.closeOwned(i);
require('./dropped.cjs');
