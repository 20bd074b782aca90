const bytes = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);
const response = new Response(bytes, { headers: { 'content-type': 'application/wasm' } });
WebAssembly.compileStreaming(response).then(() => {
  require('fs').writeSync(1, 'RAN\n');
});
