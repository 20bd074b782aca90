require('./package.json');
require('fs').writeSync(1, 'RAN\n');
