// A module hook gets the bytes that were approved, and writes into them: the function gives 42.
const { writeSync } = require('node:fs');
let bytes;
require('node:module').registerHooks({
  load(url, context, nextLoad) {
    const result = nextLoad(url, context);
    if (url.endsWith('.wasm')) bytes = result.source;
    return result;
  },
});
import('./approved.wasm').then(() => {
  bytes[bytes.indexOf(0x41) + 1] = 42;
  const module = new WebAssembly.Module(Uint8Array.from(bytes));
  if (new WebAssembly.Instance(module).exports.f() === 42) writeSync(1, 'RAN\n');
});
