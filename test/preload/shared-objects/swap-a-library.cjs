// Changes what the dynamic loader finds for a.node, once its library has had its verdict.
const { renameSync } = require('node:fs');
const { subscribe, unsubscribe } = require('node:diagnostics_channel');

const [folder, how] = process.argv.slice(2);
const move = (from, to) => renameSync(`${folder}/${from}`, `${folder}/${to}`);
const swaps = {
  library: () => move('evil/libdep.so.1', 'lib/libdep.so.1'),
  front: () => move('evil/libdep.so.1', 'front/libdep.so.1'),
  addon: () => move('evil/libdep.so.1', 'a.node'),
  directory: () => process.chdir(`${folder}/elsewhere`),
};
const load = (name) => {
  try {
    process.dlopen({ exports: {} }, `${folder}/${name}`);
  } catch {
    // It is no addon, or it is refused.
  }
};
const listen = ({ path }) => {
  if (!path.endsWith('libdep.so.1')) return;
  unsubscribe('mayexec:check', listen);
  swaps[how]();
};
if (how === 'missing') {
  // The loader remembers that there is no folder `late`.
  load('first.node');
  move('lib', 'late');
} else if (how === 'index') {
  // An array would lose its first name.
  Object.defineProperty(Array.prototype, 0, { set() {}, configurable: true });
} else {
  subscribe('mayexec:check', listen);
}
load('a.node');
