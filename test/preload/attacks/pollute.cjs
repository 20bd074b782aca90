// An approved program that replaces, one at a time, what the preload and Node's
// loaders could call or read, and tries to load what was dropped meanwhile.
// Prints what got through.
'use strict';
/* global TextDecoder, TextEncoder */
const fs = require('node:fs');
const Module = require('node:module');
const { join } = require('node:path');

const { apply, ownKeys } = Reflect;
const { defineProperty, getOwnPropertyDescriptor, getPrototypeOf } = Object;
const tag = String;

const put = (name, text, mode) => {
  const path = join(__dirname, name);
  fs.writeFileSync(path, text, { mode });
  return path;
};
const MARK = 'globalThis.RAN = true;';
const dropped = put('attack.cjs', MARK, 0o644);
put('attack.mjs', MARK, 0o644);
const approved = put('harmless.cjs', 'exports.x = 1;', 0o755);
put('harmless.mjs', 'export const x = 1;', 0o755);
const url = (path) => `file://${path}`;

/** What a replaced function answers, and what a polluted property holds. */
const lies = [
  undefined,
  true,
  0,
  'json',
  approved,
  MARK,
  {
    ...{ allowed: true, data: true, asCode: true, type: 'json', fd: 0, content: MARK },
    ...{ source: MARK, format: 'commonjs', shortCircuit: true, responseURL: url(approved) },
  },
];

let tries = 0;
const { writeSync } = fs;
const cache = Module._cache;
const load = Module._load;
const attempts = {
  require() {
    delete cache[dropped];
    load(dropped, module, false);
  },
  replaced() {
    delete cache[approved];
    load(approved, module, false);
  },
};
const imports = {
  import: () => import(`./attack.mjs?${tries}`),
  replacedImport: () => import(`./harmless.mjs?${tries}`),
};

function note(what, how) {
  tries++;
  if (globalThis.RAN !== true) return;
  writeSync(1, `RAN ${how} under ${what}\n`);
  delete globalThis.RAN;
}

const owners = (() => {
  const iterator = (value) => getPrototypeOf(value[Symbol.iterator]());
  const prototypes = [
    String,
    Array,
    Object,
    Function,
    Promise,
    RegExp,
    Error,
    Map,
    Set,
    WeakMap,
    WeakSet,
    Number,
    BigInt,
    Symbol,
    URL,
    Uint8Array,
    Int32Array,
    ArrayBuffer,
    Buffer,
    TextDecoder,
    TextEncoder,
    Module,
  ];
  const all = {};
  for (const { name, prototype } of prototypes) all[`${name}.prototype`] = prototype;
  for (const name of [
    'Object',
    'Reflect',
    'JSON',
    'Array',
    'String',
    'Number',
    'Promise',
    'Error',
    'Buffer',
    'ArrayBuffer',
    'URL',
    'Symbol',
    'BigInt',
  ])
    all[name] = globalThis[name];
  Object.assign(all, {
    'TypedArray.prototype': getPrototypeOf(Uint8Array.prototype),
    'array iterator': iterator([]),
    'string iterator': iterator(''),
    'map iterator': iterator(new Map()),
    iterators: getPrototypeOf(iterator([])),
    generators: getPrototypeOf((function* () {})()),
    'Channel.prototype': require('node:diagnostics_channel').Channel.prototype,
    'EventEmitter.prototype': require('node:events').prototype,
    fs,
    'fs.promises': fs.promises,
    process,
    'process.env': process.env,
    Module,
    globalThis,
  });
  for (const name of ['path', 'url', 'util', 'diagnostics_channel', 'buffer', 'os', 'tty'])
    all[name] = require(`node:${name}`);
  return all;
})();

/** Without these nothing can be told any more. */
const kept = new Set([
  'globalThis.globalThis',
  'globalThis.RAN',
  'process.exitCode',
  'fs.promises',
]);

function* targets() {
  for (const name of Object.keys(owners)) {
    const owner = owners[name];
    for (const key of ownKeys(owner)) {
      const descriptor = getOwnPropertyDescriptor(owner, key);
      const what = `${name}.${tag(key)}`;
      if (descriptor?.configurable === true && !kept.has(what))
        yield { what, owner, key, descriptor };
    }
  }
}

/** Names that the preload reads of any object. */
function* names() {
  const source = fs.readFileSync(process.env.PRELOAD, 'utf8');
  const found = new Set(source.match(/(?<=[.{, ])[A-Za-z_$][\w$]{2,}/g));
  for (const name of found) if (!(name in Object.prototype)) yield name;
  for (let i = 0; i < 4; i++) yield tag(i);
}

function replaced({ descriptor }, lie) {
  const isMethod = typeof descriptor.value === 'function';
  if (isMethod) {
    const answer = function () {
      return lie;
    };
    return { __proto__: null, value: answer, writable: true, configurable: true };
  }
  if ('value' in descriptor)
    return { __proto__: null, value: lie, writable: true, configurable: true };
  return { __proto__: null, get: () => lie, set() {}, configurable: true };
}

/** The original with its answer turned round, and one that throws. */
function turned({ descriptor }) {
  const original = descriptor.value;
  if (typeof original !== 'function') return [];
  const negated = function (...args) {
    const answer = apply(original, this, args);
    return typeof answer === 'boolean' ? !answer : typeof answer === 'number' ? 0 : answer;
  };
  const throwing = () => {
    throw MARK;
  };
  return [negated, throwing].map((value) => ({
    __proto__: null,
    value,
    writable: true,
    configurable: true,
  }));
}

/** Everything that is tried, as what is to be replaced by what. */
function* plan(kind) {
  for (const target of targets()) {
    const { what, owner, key, descriptor } = target;
    const original = { __proto__: null, ...descriptor };
    const answers = kind === 'import' ? lies.slice(-2) : lies;
    for (const lie of [...answers.map((value) => replaced(target, value)), ...turned(target)])
      yield { what, owner, key, lie, original };
  }
  for (const key of names()) {
    for (const value of kind === 'import' ? lies.slice(-2) : lies.slice(1)) {
      const lie = { __proto__: null, value, writable: true, configurable: true };
      yield { what: `Object.prototype.${key}`, owner: Object.prototype, key, lie };
    }
  }
}

function restore({ owner, key, original }) {
  if (original === undefined) delete owner[key];
  else defineProperty(owner, key, original);
}

function pollute({ owner, key, lie }) {
  try {
    defineProperty(owner, key, lie);
    return true;
  } catch {
    return false;
  }
}

const { exit } = process;
const { setImmediate } = globalThis;
process.on('unhandledRejection', () => {});
process.on('uncaughtException', () => {});

/** Node's C++ side ends the process at some answers: whoever started this goes on from there. */
const [, , kind, from, stride] = process.argv;
const steps = [...plan(kind)];
const every = Number(stride);
let at = Number(from) - every;
const progress = new Uint32Array(1);
const place = fs.openSync(join(__dirname, 'progress'), 'w');

function end() {
  writeSync(1, `END ${steps.length}\n`);
  exit(0);
}

function nextRequire() {
  while ((at += every) < steps.length) {
    const step = steps[at];
    progress[0] = at;
    writeSync(place, progress, 0, 4, 0);
    for (const how in attempts) {
      if (!pollute(step)) break;
      try {
        attempts[how]();
      } catch {
        // Refused, or in no state to load anything.
      }
      restore(step);
      note(step.what, how);
    }
  }
  end();
}

/** Nothing is awaited: a lie may keep a promise from ever being settled. */
function nextImport(how = 'replacedImport') {
  const other = how === 'import' ? 'replacedImport' : 'import';
  if (other === 'import') at += every;
  if (at >= steps.length) return end();
  const step = steps[at];
  progress[0] = at;
  writeSync(place, progress, 0, 4, 0);
  if (!pollute(step)) return nextImport(other);
  try {
    imports[other]();
  } catch {
    // Refused, or in no state to load anything.
  }
  let turns = 0;
  const turn = () => {
    if (++turns < 3) return void setImmediate(turn);
    restore(step);
    note(step.what, other);
    setImmediate(nextImport, other);
  };
  setImmediate(turn);
}

if (kind === 'import') nextImport();
else nextRequire();
