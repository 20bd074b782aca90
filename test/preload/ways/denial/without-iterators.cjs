Array.prototype[Symbol.iterator] = undefined;
Map.prototype[Symbol.iterator] = undefined;
try {
  require('./dropped.cjs');
} catch ({ code, message }) {
  console.log(code, message);
}
