// Starts what its argument says, in JSON: variables, then words. It ends a child that waits
// for a debugger.
const [variables, file, ...args] = JSON.parse(process.argv[2]);
const env = { ...process.env, ...variables };
const child = require('node:child_process').spawn(file, args, { env });
child.stderr.on('data', (text) => {
  process.stderr.write(text);
  if (String(text).includes('Debugger listening')) child.kill('SIGKILL');
});
