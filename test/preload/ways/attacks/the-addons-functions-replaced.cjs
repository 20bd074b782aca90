const m = { exports: {} };
process.dlopen(m, require('path').join(process.env.PRELOAD, '../../build/Release/mayexec.node'));
const addon = m.exports;
for (const name in addon)
  try {
    addon[name] = () => 0;
  } catch {}
require('./dropped.cjs');
