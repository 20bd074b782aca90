// What can be seen of each function of Node's that a program can reach: names, lengths, properties.
'use strict';
const Module = require('node:module');

const owners = {
  process,
  'Module.prototype': Module.prototype,
  'child_process.ChildProcess.prototype': require('node:child_process').ChildProcess.prototype,
};
for (const name of Module.builtinModules) {
  if (/^(node:)?(sea|test|test\/reporters|vfs|ffi|quic|wasi|_)/.test(name)) continue;
  owners[name] = process.getBuiltinModule(name);
}
const { Process } = process.binding('process_wrap');
owners['process_wrap'] = Process.prototype;

const say = (owner, key) => {
  const { value, get, ...attributes } = Object.getOwnPropertyDescriptor(owner, key);
  if (typeof value !== 'function') return `${String(key)} ${typeof value} ${typeof get}`;
  const own = Reflect.ownKeys(value).filter((name) => name !== 'prototype');
  return [String(key), value.name, value.length, own.map(String), Object.values(attributes)].join();
};
for (const [name, owner] of Object.entries(owners)) {
  for (const key of Reflect.ownKeys(owner)) {
    // By it a second copy of the package knows the first.
    if (String(key) !== 'Symbol(mayexec.register)') console.log(name, say(owner, key));
  }
}
