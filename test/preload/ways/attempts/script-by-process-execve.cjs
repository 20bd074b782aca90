try {
  require('node:fs').symlinkSync(process.execPath, 'program');
} catch {
  // Another test made it.
}
process.execve('./script', ['script'], process.env);
