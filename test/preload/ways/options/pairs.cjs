// Keeps the preload out of a child's environment, by what Node puts the pairs together with: HOW BY.
const childProcess = require('node:child_process');

const [how, by] = process.argv.slice(2);
const env = { A: '1' };
const words = [__dirname + '/dropped.cjs'];

if (by === 'setter') {
  for (let i = 0; i < 30; i++) {
    Object.defineProperty(Array.prototype, i, {
      configurable: true,
      get: () => undefined,
      set(value) {
        if (String(value).startsWith('NODE_OPTIONS=')) return;
        Object.defineProperty(this, i, {
          value,
          writable: true,
          configurable: true,
          enumerable: true,
        });
      },
    });
  }
} else {
  const iterator = Object.getPrototypeOf([][Symbol.iterator]());
  const { next } = iterator;
  iterator.next = function () {
    for (;;) {
      const step = next.call(this);
      const name = Array.isArray(step.value) ? step.value[0] : step.value;
      if (step.done || name !== 'NODE_OPTIONS') return step;
    }
  };
}
if (how === 'execve') process.execve(process.execPath, [process.execPath, ...words], env);
else childProcess[how](process.execPath, words, { stdio: 'inherit', env });
