const { from } = Buffer;
Buffer.from = (data, ...rest) =>
  typeof data === 'string' && data.length > 100_000
    ? new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])
    : Reflect.apply(from, Buffer, [data, ...rest]);
try {
  require('./approved.cts');
} catch (error) {
  // What was compiled in its place has not what Node looks for.
  if (error.code !== 'EACCES') require('fs').writeSync(1, 'RAN\n');
}
