// What Node says of each call that gives process.dlopen no shared object.
'use strict';
const calls = [
  [],
  [{ exports: {} }],
  [null, '/missing.node'],
  [1, '/missing.node'],
  [{ exports: {} }, 5],
  [{ exports: {} }, undefined],
  [{ exports: {} }, '/missing.node'],
  [{ exports: {} }, Symbol('missing')],
];
for (const args of calls) {
  try {
    process.dlopen(...args);
    console.log(args.length, 'loaded');
  } catch ({ name, code, message }) {
    console.log(args.length, name, code, message);
  }
}
