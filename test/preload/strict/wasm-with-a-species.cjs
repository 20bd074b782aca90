class Bytes extends Uint8Array {
  static get [Symbol.species]() {
    return function () {
      return new Uint8Array(8);
    };
  }
}
new WebAssembly.Module(new Bytes([0, 97, 115, 109, 1, 0, 0, 0]));
require('fs').writeSync(1, 'RAN\n');
