// peak-memory.mjs INDEX FILE CALL: prints by how many bytes the peak of this process's memory grew
// while CALL read FILE, and how many bytes it read.
import { readFileSync } from 'node:fs';

const [index, file, call] = process.argv.slice(2);
const { openMayExecSync, readMayExec, readMayExecSync } = await import(index);

const calls = {
  readMayExecSync: () => readMayExecSync(file),
  readMayExec: () => readMayExec(file),
  'openMayExecSync and readSync': () => openMayExecSync(file).readSync(),
  'openMayExecSync and read': () => openMayExecSync(file).read(),
  'readMayExecSync of a text': () => readMayExecSync(file, 'utf8'),
};

const peak = () =>
  Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]) * 1024;

const before = peak();
const { length } = await calls[call]();
console.log(JSON.stringify({ length, grown: peak() - before }));
