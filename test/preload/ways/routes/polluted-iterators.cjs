Array.prototype[Symbol.iterator] = function* () {
  yield 5;
  yield 0;
  yield 0;
  yield 'x';
};
require('./dropped.cjs');
