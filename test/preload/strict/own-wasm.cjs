// Node's HTTP client gets other bytes, once, and the real decoder is back before they are compiled.
const { writeSync } = require('node:fs');
// It calls an import when it starts, which throws where no response is being read.
const bytes = Buffer.from(
  '0061736d01000000010b0260037f7f7f017f60000002160103656e760e7761736d5f6f6e5f737461747573' +
    '0000030201010801010a0d010b0041014101410110001a0b',
  'hex',
);
const { from } = Buffer;
Buffer.from = function (data, encoding) {
  if (encoding !== 'base64' || data.length < 1000)
    return Reflect.apply(from, Buffer, [data, encoding]);
  Buffer.from = from;
  return bytes;
};
const server = require('node:http').createServer((_, response) => response.end('x'));
server.listen(0, '127.0.0.1', async () => {
  try {
    await fetch(`http://127.0.0.1:${server.address().port}/`);
  } catch (error) {
    for (let at = error; at; at = at.cause) if (at.stack.includes('wasm://')) writeSync(1, 'RAN\n');
  }
  process.exit();
});
