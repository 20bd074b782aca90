// Starts what its arguments say, by the function that they name: HOW WORDS OPTIONS, in JSON.
const childProcess = require('node:child_process');
const fs = require('node:fs');

const [how, text, more = '{}'] = process.argv.slice(2);
// Files that lead to this Node under another name.
for (const name of ['tool', 'a tool']) {
  try {
    fs.symlinkSync(process.execPath, name);
  } catch (error) {
    // The same program runs with and without the preload at once.
    if (error.code !== 'EEXIST') throw error;
  }
}
const [file, ...args] = JSON.parse(text.replaceAll('NODE', process.execPath));
const given = JSON.parse(more.replaceAll('NODE', process.execPath));
const options = { stdio: 'inherit', ...given };

switch (how) {
  case 'fork':
    childProcess.fork(file, args, options);
    break;
  case 'execFile':
    childProcess.execFile(file, args, options, (error, out) => process.stdout.write(out));
    break;
  case 'execSync':
    childProcess.execSync(file, options);
    break;
  case 'execve':
    process.execve(file, [options.argv0 ?? file, ...args], options.env ?? process.env);
    break;
  case 'binding': {
    const envPairs = Object.entries(options.env ?? process.env).map((pair) => pair.join('='));
    const stdio = [0, 1, 2].map((fd) => ({ type: 'fd', fd }));
    process.binding('spawn_sync').spawn({ file, args: [file, ...args], envPairs, stdio });
    break;
  }
  default:
    childProcess[how](file, args, options);
}
