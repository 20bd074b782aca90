// Changes a byte of a file and puts it back, again and again.
import { closeSync, openSync, readSync, statSync, writeSync } from 'node:fs';

const [, , name] = process.argv;
const { size } = statSync(name);
const byte = Buffer.alloc(1);

function write(at, change) {
  for (;;) {
    try {
      const fd = openSync(name, 'r+');
      readSync(fd, byte, 0, 1, at);
      byte[0] ^= change;
      writeSync(fd, byte, 0, 1, at);
      closeSync(fd);
      return;
    } catch (error) {
      // While it is checked nobody can open it for writing.
      if (error.code !== 'ETXTBSY') throw error;
    }
  }
}

console.log('started');
for (let at = 0; ; at = (at + 7919) % size) {
  write(at, 0xff);
  write(at, 0xff);
}
