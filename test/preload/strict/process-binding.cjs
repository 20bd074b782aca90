process.binding('contextify');
require('fs').writeSync(1, 'RAN\n');
