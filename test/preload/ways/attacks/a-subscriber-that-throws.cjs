require('diagnostics_channel').subscribe('mayexec:check', () => {
  throw new Error('no');
});
process.on('uncaughtException', () => {});
try {
  require('./dropped.cjs');
} catch {}
require('./dropped.cjs');
