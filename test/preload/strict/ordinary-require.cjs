require('./approved.cjs');
require('fs').writeSync(1, 'RAN\n');
