const m = { exports: {} };
process.dlopen(m, require('path').join(process.env.PRELOAD, '../../build/Release/mayexec.node'));
const addon = m.exports;
addon.setSecurebits(addon.getSecurebits() & ~0x500);
require('./dropped.cjs');
