// A getter for the class of arrays gives Node another array while it writes the source of a module.
const { constructor } = Array.prototype;
class Other extends Array {
  constructor() {
    super(1);
    return new Proxy(this, {
      defineProperty(target, key, descriptor) {
        if (typeof descriptor.value === 'string')
          descriptor.value = `globalThis.console.log('RAN');${descriptor.value}`;
        return Reflect.defineProperty(target, key, descriptor);
      },
    });
  }
}
const Species = function () {
  return new Other();
};
Species[Symbol.species] = Species;
Object.defineProperty(Array.prototype, 'constructor', {
  configurable: true,
  get() {
    return /^createDynamicModule|createDynamicModule /m.test(new Error().stack)
      ? Species
      : constructor;
  },
});
import('./approved.wasm').then(
  () => {},
  (e) => console.log(e),
);
