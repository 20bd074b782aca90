// Starts Node by an fd that only the child has: FUNCTION NUMBER FILE OPTIONS, and its first words.
const childProcess = require('node:child_process');
const fs = require('node:fs');

const [how, number, passed, options, ...command] = process.argv.slice(2);
const fd = fs.openSync(passed === 'NODE' ? process.execPath : passed);
for (const [target, link] of [
  [process.execPath, 'program'],
  ['/proc/self/fd', 'fds'],
]) {
  try {
    fs.symlinkSync(target, link);
  } catch (error) {
    // The same program runs with and without the preload at once.
    if (error.code !== 'EEXIST') throw error;
  }
}
const stdio = [0, 1, 2];
for (let i = stdio.length; i < Number(number); i++) stdio[i] = 'ignore';
stdio[number] = fd;
const dropped = `${process.cwd()}/dropped.cjs`;
const args = ['--snapshot-blob', 'x.blob', '--build-snapshot', dropped];
const [file, ...words] = command;
childProcess[how](file, [...words, ...args], { stdio, ...JSON.parse(options) });
