// Asks for builtin modules while functions of the language answer nothing, then uses them: WHICH.
const { defineProperty, getOwnPropertyDescriptor } = Object;
const { ownKeys } = Reflect;
const load = require;
const DROPPED = __dirname + '/dropped.cjs';
const GLOBALS = ['Proxy', 'String', 'Object', 'Reflect', 'WeakMap', 'Error', 'Symbol'];

const saved = [];
const one = (owner, key) => saved.push([owner, key, getOwnPropertyDescriptor(owner, key)]);
const methods = (owner) => {
  for (const key of ownKeys(owner)) {
    const { configurable, value } = getOwnPropertyDescriptor(owner, key);
    if (configurable && typeof value === 'function') one(owner, key);
  }
};

const which = {
  'arrays’ methods': () => methods(Array.prototype),
  'strings’ methods': () => methods(String.prototype),
  'functions’ methods': () => methods(Function.prototype),
  'Object and Reflect': () => [Object, Reflect].forEach(methods),
  'process.getBuiltinModule': () => one(process, 'getBuiltinModule'),
  'module.syncBuiltinESMExports': () => one(require('module'), 'syncBuiltinESMExports'),
  globals: () => GLOBALS.forEach((name) => one(globalThis, name)),
};
which[process.argv[2]]();

const names = ['child_process', 'worker_threads', 'node:sqlite'];
for (let i = 0; i < saved.length; i++) {
  defineProperty(saved[i][0], saved[i][1], {
    __proto__: null,
    configurable: true,
    writable: true,
    value: function () {},
  });
}
for (let i = 0; i < 3; i++) {
  try {
    load(names[i]);
  } catch {
    // Some modules cannot be loaded then.
  }
}
for (let i = 0; i < saved.length; i++) defineProperty(saved[i][0], saved[i][1], saved[i][2]);

const get = (name) => {
  try {
    return require(name);
  } catch {
    return require(name);
  }
};
const options = { env: {}, stdio: 'inherit' };
get('child_process').spawnSync(process.execPath, [DROPPED], options);
new (get('worker_threads').Worker)(DROPPED, { execArgv: [], env: {} }).on('error', () => {});
import('node:child_process').then((c) => c.spawnSync(process.execPath, [DROPPED], options));
try {
  const { DatabaseSync } = get('node:sqlite');
  const database = new DatabaseSync(':memory:', { allowExtension: true });
  database.loadExtension(__dirname + '/dropped.so');
} catch {
  // No extension of sqlite: it says RAN when it is mapped.
}
