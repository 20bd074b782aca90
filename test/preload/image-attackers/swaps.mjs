// Gives a file's name to the one and the other of two files, again and again.
import { copyFileSync, renameSync } from 'node:fs';

const [, , name, ...files] = process.argv;
console.log('started');
for (let i = 0; ; i++) {
  copyFileSync(files[i % files.length], `${name}.next`);
  renameSync(`${name}.next`, name);
}
