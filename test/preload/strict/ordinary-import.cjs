import('./approved.cjs').then(() => {
  require('fs').writeSync(1, 'RAN\n');
});
