// Hides words from the reader of an array, by accessors for the indexes of all arrays: HOW AT.
const childProcess = require('node:child_process');

const [how, at] = process.argv.slice(2);
const hidden = ['--snapshot-blob=x.blob', '--build-snapshot', 'dropped.cjs'];
const words = ['--no-warnings', '--title=a', 'empty.cjs'];

// A word that Node stores there is lost, and a reader gets the hidden word.
for (let i = Number(at); i < hidden.length + Number(at); i++) {
  Object.defineProperty(Array.prototype, i, {
    configurable: true,
    set() {},
    get: () => hidden[i - Number(at)],
  });
}
const args = at === '0' ? new Array(3) : words.slice(0, Number(at));
if (how === 'execve') process.execve(process.execPath, args, process.env);
else childProcess[how](process.execPath, args, { stdio: 'inherit', env: { ...process.env } });
