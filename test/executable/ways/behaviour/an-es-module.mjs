import path from 'node:path';
console.log(path.basename(import.meta.filename), import.meta.main, process.argv.length, await 1);
