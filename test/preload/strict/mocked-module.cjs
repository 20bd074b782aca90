const { mock } = require('node:test');
(mock.module('./approved.cjs', { defaultExport: 1, namedExports: {} }),
import('./approved.cjs')).then(() => {
  require('fs').writeSync(1, 'RAN\n');
});
