require('diagnostics_channel').subscribe('tracing:child_process.spawn:start', ({ options }) => {
  options.envPairs = [];
  options.args = [process.execPath, __dirname + '/dropped.cjs'];
});
require('child_process').spawn(process.execPath, ['approved.cjs'], { stdio: 'inherit' });
