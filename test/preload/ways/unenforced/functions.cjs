// What can be seen of each function of Node's that a program can reach: names, lengths, properties.
'use strict';
const Module = require('node:module');

const owners = {
  globalThis,
  process,
  WebAssembly,
  'Module.prototype': Module.prototype,
};
for (const name of Module.builtinModules) {
  if (/^(node:)?(sea|test|test\/reporters|vfs|ffi|quic|wasi|_)/.test(name)) continue;
  owners[name] = process.getBuiltinModule(name);
}
for (const [name, one] of [
  ['child_process', 'ChildProcess'],
  ['worker_threads', 'Worker'],
  ['repl', 'REPLServer'],
  ['node:sqlite', 'DatabaseSync'],
]) {
  const { prototype } = process.getBuiltinModule(name)?.[one] ?? {};
  if (prototype !== undefined) owners[`${name}.${one}.prototype`] = prototype;
}
owners['process_wrap'] = process.binding('process_wrap').Process.prototype;
owners['spawn_sync'] = process.binding('spawn_sync');

const sorted = (names) => names.map(String).sort();

/** What a function constructs inherits from, unless it is a native one or a class. */
const prototypeOf = (value) => {
  const descriptor = Object.getOwnPropertyDescriptor(value, 'prototype');
  if (descriptor === undefined) return 'none';
  const { value: prototype, ...attributes } = descriptor;
  const own = prototype?.constructor === value;
  return [...Object.values(attributes), own, ...sorted(Reflect.ownKeys(prototype ?? {}))];
};

const say = (owner, key) => {
  const { value, get, ...attributes } = Object.getOwnPropertyDescriptor(owner, key);
  if (typeof value !== 'function') return `${String(key)} ${typeof value} ${typeof get}`;
  return JSON.stringify([
    String(key),
    value.name,
    value.length,
    Object.getPrototypeOf(value)?.constructor.name,
    sorted(Reflect.ownKeys(value)),
    prototypeOf(value),
    Object.values(attributes),
  ]);
};
for (const [name, owner] of Object.entries(owners)) {
  for (const key of Reflect.ownKeys(owner)) {
    // By it a second copy of the package knows the first.
    if (String(key) !== 'Symbol(mayexec.register)') console.log(name, say(owner, key));
  }
}
