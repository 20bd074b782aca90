/*
 * Prints, as JSON, what each builtin module of this Node exports that could be code: the
 * functions, objects and accessors.
 */
const { builtinModules } = require('node:module');

// Known by the prefix alone, or behind an option. A Node that lacks one says undefined.
const OTHERS = [
  'bench',
  'bench/reporters',
  'dtls',
  'ffi',
  'quic',
  'sea',
  'sqlite',
  'stream/iter',
  'test',
  'test/reporters',
  'vfs',
  'zlib/iter',
];

function codeOf(owner) {
  return Object.getOwnPropertyNames(owner).filter((name) => {
    const { get, set, value } = Object.getOwnPropertyDescriptor(owner, name);
    if (get !== undefined || set !== undefined) return true;
    return typeof value === 'function' || (typeof value === 'object' && value !== null);
  });
}

const names = new Set([...builtinModules, ...OTHERS].map((name) => name.replace('node:', '')));
const exports_ = { globalThis: codeOf(globalThis) };
for (const name of names) {
  const module = process.getBuiltinModule(`node:${name}`);
  if (module !== undefined) exports_[name] = codeOf(module);
}

if (process.send === undefined) {
  console.log(JSON.stringify(exports_));
} else {
  // A forked process has more.
  console.log(JSON.stringify({ process: codeOf(process) }));
  process.disconnect();
}
