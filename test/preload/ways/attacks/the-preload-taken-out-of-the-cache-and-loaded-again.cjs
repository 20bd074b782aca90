delete require.cache[process.env.PRELOAD];
const { exit } = process;
process.exit = () => {};
try {
  require(process.env.PRELOAD);
} catch {}
process.exit = exit;
require('./dropped.cjs');
