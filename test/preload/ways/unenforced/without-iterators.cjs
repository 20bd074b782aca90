Array.prototype[Symbol.iterator] = undefined;
require('./a.cjs');
