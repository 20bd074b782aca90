require('inspector').open(0, '127.0.0.1');
require('fs').writeSync(1, 'RAN\n');
require('inspector').close();
