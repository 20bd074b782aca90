'use strict';
/*
 * One lie at a time: replaces each method of each built-in prototype and of the
 * modules that a loader uses, and puts each name that is in the preload's text
 * on Object.prototype; then asks for ./dropped-quiet.cjs, by require and by
 * import. Says RAN, and by which lies, if that ran. In plain Node the first will do.
 * Each lie has a number, said before it is told, for some of them make Node abort:
 * go on with the next one then. argv: the preload's file, the first number.
 */
const { readFileSync, writeSync } = require('node:fs');
const { apply, defineProperty, deleteProperty, getOwnPropertyDescriptor, ownKeys } = Reflect;
const { URLSearchParams } = require('node:url');
const { TextDecoder, TextEncoder } = require('node:util');
const { then } = Promise.prototype;
const { setImmediate, String } = globalThis;
const { exit } = process;
const { cache } = require;
const path = `${__dirname}/dropped-quiet.cjs`;
const words = readFileSync(process.argv[2], 'utf8').match(/(?<=[.{,'"])[A-Za-z_$][\w$]*/g);

const owners = { Reflect, JSON, Object, Array, String, Number, Promise, Proxy, process };
for (const type of [
  Object,
  Function,
  Array,
  String,
  Number,
  Boolean,
  Symbol,
  RegExp,
  Error,
  Promise,
  Map,
  Set,
  WeakMap,
  WeakSet,
  Date,
  ArrayBuffer,
  DataView,
  Buffer,
  Uint8Array,
  Int32Array,
  URL,
  URLSearchParams,
  TextDecoder,
  TextEncoder,
  Object.getPrototypeOf(Uint8Array),
]) {
  owners[`${type.name}.prototype`] = type.prototype;
}
owners['[].values()'] = Object.getPrototypeOf([].values());
owners['Map#entries()'] = Object.getPrototypeOf(new Map().entries());
for (const name of ['fs', 'url', 'module', 'path', 'diagnostics_channel', 'tty', 'vm', 'util']) {
  owners[`node:${name}`] = require(`node:${name}`);
}
owners['Module.prototype'] = require('node:module').prototype;
owners['a channel'] = require('node:diagnostics_channel').channel('mayexec:check');

const lies = {
  undefined: () => undefined,
  true: () => true,
  false: () => false,
  0: () => 0,
  '[]': () => [],
  '{}': () => ({ __proto__: null }),
  'its argument': (first) => first,
  this() {
    return this;
  },
};
const values = {
  true: true,
  0: 0,
  "'json'": 'json',
  "'builtin'": 'builtin',
  'a function': () => true,
  '{}': {},
};
/** By these the process would end, or Node's own queue of callbacks. */
const LEFT = new Set(['exit', 'reallyExit', 'abort', 'kill', '_kill', '_tickCallback', 'nextTick']);
LEFT.add('_fatalException').add('setUncaughtExceptionCaptureCallback').add('execve').add('emit');

const tries = [];
for (const [name, owner] of Object.entries(owners)) {
  for (const key of ownKeys(owner)) {
    const own = getOwnPropertyDescriptor(owner, key);
    if (LEFT.has(key) || typeof own.value !== 'function' || !own.configurable) continue;
    for (const [lie, value] of Object.entries(lies)) {
      tries.push({ what: `${name} ${String(key)} gives ${lie}`, owner, key, own, value });
    }
  }
}
for (const key of new Set(words)) {
  if (key in Object.prototype || LEFT.has(key)) continue;
  for (const [lie, value] of Object.entries(values)) {
    tries.push({ what: `Object.prototype.${key} is ${lie}`, owner: Object.prototype, key, value });
  }
}

const found = [];
let at = Number(process.argv[3]);
let imports = 0;
const ignore = () => undefined;

function restore({ owner, key, own }) {
  if (own === undefined) deleteProperty(owner, key);
  else defineProperty(owner, key, own);
}
function note(one, how) {
  if (globalThis.dropped === true) found[found.length] = `${how}: ${one.what}`;
  globalThis.dropped = false;
}
function pollute({ owner, key, value }) {
  const descriptor = { __proto__: null, value, writable: true, configurable: true };
  defineProperty(owner, key, descriptor);
}
function byRequire(one) {
  pollute(one);
  try {
    require('./dropped-quiet.cjs');
  } catch {
    // Refused, or the lie broke something.
  }
  restore(one);
  deleteProperty(cache, path);
  note(one, 'require');
}
function byImport(one, done) {
  let pending;
  pollute(one);
  try {
    pending = import(`./dropped-quiet.mjs?${imports++}`);
    apply(then, pending, [ignore, ignore]);
  } catch {
    // The same.
  }
  // The loader's work goes on in microtasks, all of which come first.
  setImmediate(() => {
    restore(one);
    note(one, 'import');
    done();
  });
}
function next() {
  const one = tries[at++];
  if (one === undefined || found.length > 9) {
    const said = found.length > 0 ? `RAN ${found.join('\n')}` : `DONE`;
    writeSync(1, `${said}\n`);
    exit();
  }
  writeSync(1, `${at} `);
  byRequire(one);
  byImport(one, next);
}
process.on('uncaughtException', ignore).on('unhandledRejection', ignore);
next();
