try {
  require('node:fs').symlinkSync(process.execPath, 'program');
} catch {
  // Another test made it.
}
const [file, ...args] = process.argv.slice(2);
require('node:child_process').spawnSync(file, args, { stdio: 'inherit' });
