// What watches the reads of a program, and changes nothing, breaks nothing.
'use strict';
const fs = require('node:fs');

for (const name of ['readFileSync', 'openSync', 'readSync']) {
  const original = fs[name];
  fs[name] = (...args) => original(...args);
}
require('./disk.cjs');
import('./disk.mjs');
