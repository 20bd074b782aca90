// A debugger may connect as soon as the child listens.
const [file, ...args] = process.argv.slice(2);
const node = [process.execPath, '--inspect=127.0.0.1:0', 'approved.cjs'];
const child = require('node:child_process').spawn(file, [...args, ...node]);
child.stderr.on('data', (text) => {
  if (!String(text).includes('Debugger listening')) return;
  console.log('RAN');
  child.kill();
});
