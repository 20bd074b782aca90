const ffi = require('node:ffi');
ffi.getRawPointer(Buffer.alloc(8));
require('fs').writeSync(1, 'RAN\n');
