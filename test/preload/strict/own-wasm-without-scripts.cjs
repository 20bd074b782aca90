// The preload cannot look into Node's scripts: it fails to silence a warning.
Object.defineProperty(process, 'noDeprecation', { value: true });
require('./own-wasm.cjs');
