// An approved program that lies once at a time: it replaces what the preload and
// Node's loaders could call or read, and puts each name that the preload reads on
// Object.prototype. Meanwhile it tries to load what was dropped, and to have an
// approved file loaded with other text. Prints what got through, and by which lie.
// argv: require or import; the first step; which share of the steps, of how many.
// At some lies Node's C++ side ends the process: the file `progress` holds the number
// of the step, and whoever started this goes on with the next.
'use strict';
/* global TextDecoder, TextEncoder, URLSearchParams */
const channels = require('node:diagnostics_channel');
const fs = require('node:fs');
const Module = require('node:module');
const { join } = require('node:path');

const { apply, ownKeys } = Reflect;
const { defineProperty, getOwnPropertyDescriptor, getPrototypeOf } = Object;
const { then } = Promise.prototype;
const { setImmediate } = globalThis;
const { writeSync } = fs;
const { exit } = process;
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

/** What a method answers, and what a property holds. */
const answers = {
  undefined: () => undefined,
  true: () => true,
  false: () => false,
  0: () => 0,
  "'json'": () => 'json',
  "'builtin'": () => 'builtin',
  'the path of an approved file': () => approved,
  'the dropped text': () => MARK,
  '[]': () => [],
  '{}': () => ({ __proto__: null }),
  'a function': () => () => true,
  'an object with all that is asked for': () => ({
    ...{ allowed: true, data: true, asCode: true, type: 'json', fd: 0, content: MARK },
    ...{ source: MARK, format: 'commonjs', shortCircuit: true, responseURL: url(approved) },
  }),
};

/** What only a method can do, made of the original. */
const methods = {
  'its argument': () => (first) => first,
  this: () =>
    function () {
      return this;
    },
  'the opposite': (original) =>
    function (...args) {
      const answer = apply(original, this, args);
      return typeof answer === 'boolean' ? !answer : typeof answer === 'number' ? 0 : answer;
    },
  'an exception': () => () => {
    throw MARK;
  },
};

const owners = (() => {
  const iterator = (value) => getPrototypeOf(value[Symbol.iterator]());
  const prototypes = [
    ...[Object, Function, Array, String, Number, Boolean, BigInt, Symbol, RegExp, Error, Promise],
    ...[Map, Set, WeakMap, WeakSet, Date, ArrayBuffer, DataView, Buffer, Uint8Array, Int32Array],
    ...[getPrototypeOf(Uint8Array), URL, URLSearchParams, TextDecoder, TextEncoder, Module],
    ...[channels.Channel, require('node:events')],
  ];
  const all = {};
  for (const { name, prototype } of prototypes) all[`${name}.prototype`] = prototype;
  for (const name of [
    ...['Object', 'Reflect', 'Proxy', 'JSON', 'Array', 'String', 'Number', 'BigInt', 'Symbol'],
    ...['Promise', 'Error', 'Buffer', 'ArrayBuffer', 'URL', 'process', 'globalThis'],
  ])
    all[name] = globalThis[name];
  for (const name of [
    ...['buffer', 'diagnostics_channel', 'fs', 'fs/promises', 'module', 'os', 'path', 'tty'],
    ...['url', 'util', 'vm'],
  ])
    all[`node:${name}`] = require(`node:${name}`);
  return Object.assign(all, {
    'array iterator': iterator([]),
    'string iterator': iterator(''),
    'map iterator': iterator(new Map()),
    iterators: getPrototypeOf(iterator([])),
    generators: getPrototypeOf((function* () {})()),
    'process.env': process.env,
    'the channel mayexec:check': channels.channel('mayexec:check'),
  });
})();

const [, , kind, first, share, shares] = process.argv;

/** Without these nothing can be told any more. */
const kept = new Set(['globalThis.globalThis', 'globalThis.RAN', 'process.exitCode']);
/** At these Node itself goes on for ever, without mayexec as well. */
const endless = new Set([
  ...['node:fs.readSync gives false', 'node:fs.readSync gives []'],
  ...(kind === 'import' ? ['TypedArray.prototype.length gives {}'] : []),
  ...(kind === 'require' && process.version.startsWith('v22.') ? ['node:path.sep gives []'] : []),
]);

const data = (value) => ({ __proto__: null, value, writable: true, configurable: true });
const accessor = (get) => ({ __proto__: null, get, set() {}, configurable: true });

/** Each lie about what an owner has. */
function* aboutOwned() {
  for (const [name, owner] of Object.entries(owners)) {
    for (const key of ownKeys(owner)) {
      const descriptor = getOwnPropertyDescriptor(owner, key);
      const property = `${name}.${tag(key)}`;
      if (descriptor?.configurable !== true || kept.has(property)) continue;
      const original = { __proto__: null, ...descriptor };
      const isMethod = typeof original.value === 'function';
      const lies = Object.entries(answers).map(([answer, give]) => [
        answer,
        isMethod ? data(() => give()) : 'value' in original ? data(give()) : accessor(give),
      ]);
      for (const [answer, make] of isMethod ? Object.entries(methods) : [])
        lies.push([answer, data(make(original.value))]);
      yield lies.map(([answer, lie]) => {
        return { __proto__: null, what: `${property} gives ${answer}`, owner, key, lie, original };
      });
    }
  }
}

/** Each lie about a name that the preload reads of any object: as if it were there. */
function* aboutInherited() {
  const owner = Object.prototype;
  const source = fs.readFileSync(process.env.PRELOAD, 'utf8');
  const names = new Set(source.match(/(?<=[.{,'"]|[{,] )[A-Za-z_$][\w$]*/g));
  const { undefined: _, false: __, '[]': ___, ...there } = answers;
  for (const key of [...names, '0', '1', '2', '3']) {
    if (key in owner) continue;
    yield Object.entries(there).map(([answer, give]) => {
      const what = `Object.prototype.${key} is ${answer}`;
      return { __proto__: null, what, owner, key, lie: data(give()), original: undefined };
    });
  }
}

/** Each share has other lies about one property, and has each lie somewhere. */
const steps = [...aboutOwned(), ...aboutInherited()].flatMap((lies, property) =>
  lies.filter(
    ({ what }, lie) => (property + lie) % Number(shares) === Number(share) && !endless.has(what),
  ),
);

function pollute({ owner, key, lie }) {
  try {
    defineProperty(owner, key, lie);
    return true;
  } catch {
    return false;
  }
}

function restore({ owner, key, original }) {
  if (original === undefined) delete owner[key];
  else defineProperty(owner, key, original);
}

let at = Number(first) - 1;
let tries = 0;
const progress = new Uint32Array(1);
const place = fs.openSync(join(__dirname, 'progress'), 'w');

function nextStep() {
  progress[0] = ++at;
  writeSync(place, progress, 0, 4, 0);
  if (at < steps.length) return steps[at];
  writeSync(1, `END ${steps.length}\n`);
  return exit(0);
}

function note({ what }, how) {
  tries++;
  if (globalThis.RAN !== true) return;
  writeSync(1, `RAN ${how}: ${what}\n`);
  delete globalThis.RAN;
}

const cache = Module._cache;
const load = Module._load;
const requires = {
  require() {
    delete cache[dropped];
    require('./attack.cjs');
  },
  load() {
    delete cache[dropped];
    load(dropped, module, false);
  },
  replaced() {
    delete cache[approved];
    load(approved, module, false);
  },
};
const files = ['./attack.mjs', './harmless.mjs'];
const ignore = () => undefined;

function requireAll() {
  for (;;) {
    const step = nextStep();
    for (const how in requires) {
      if (!pollute(step)) break;
      try {
        requires[how]();
      } catch {
        // Refused, or in no state to load anything.
      }
      restore(step);
      note(step, how);
    }
  }
}

/** Nothing is awaited: a lie may keep a promise from ever being settled. */
function importAll() {
  const step = nextStep();
  if (!pollute(step)) return void setImmediate(importAll);
  for (let i = 0; i < files.length; i++) {
    try {
      apply(then, import(`${files[i]}?${tries}`), [ignore, ignore]);
    } catch {
      // The same.
    }
  }
  let turns = 0;
  const turn = () => {
    if (++turns < 3) return void setImmediate(turn);
    restore(step);
    note(step, 'import');
    setImmediate(importAll);
  };
  setImmediate(turn);
}

process.on('unhandledRejection', ignore).on('uncaughtException', ignore);
if (kind === 'import') importAll();
else requireAll();
