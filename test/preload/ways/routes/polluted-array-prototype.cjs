for (const i of [0, 1, 2, 3])
  Object.defineProperty(Array.prototype, i, { get: () => 0, set() {}, configurable: true });
require('./dropped.cjs');
