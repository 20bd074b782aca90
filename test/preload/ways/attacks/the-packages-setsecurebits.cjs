import(require('path').join(process.env.PRELOAD, '../index.js')).then((m) => {
  try {
    m.setSecurebits({ restrictFile: false, denyInteractive: false });
  } catch {}
  require('./dropped.cjs');
});
