// Node's stripper of types gets its text from a part of its memory, which is found by a method that
// stands nearer than the original, or by a class of the program's.
const text = `globalThis.console.log('RAN')`;
const bytes = Uint8Array.from(Buffer.from(text));
const typedArray = Object.getPrototypeOf(Uint8Array.prototype);
const { subarray } = typedArray;
const { toString } = Buffer.prototype;
/** The code without types: its name and its types are other texts. */
const isStripped = (part) => {
  const said = Reflect.apply(toString, Buffer.from(part), ['latin1']);
  return said.includes(`'approved types'`) && !said.includes(': string');
};
function other(from, to) {
  const part = Reflect.apply(subarray, this, [from, to]);
  return isStripped(part) ? bytes : part;
}
const ways = {
  nearer() {
    Uint8Array.prototype.subarray = other;
  },
  between() {
    Object.setPrototypeOf(Uint8Array.prototype, { __proto__: typedArray, subarray: other });
  },
  species() {
    const made = function (buffer, from, length) {
      const part = new Uint8Array(buffer, from, length);
      return isStripped(part) ? bytes : part;
    };
    Object.defineProperty(Uint8Array, Symbol.species, { get: () => made });
  },
};
ways[process.argv[2]]();
require('./approved.cts');
