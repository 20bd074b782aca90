const { fork, spawn } = require('node:child_process');

const { execPath } = process;
const tell = `${__dirname}/tell.cjs`;
const model = ['--permission', `--allow-fs-read=${__dirname}`];
const ways = {
  fork: (name) => fork(tell, [name]),
  'fork without options': (name) => fork(tell, [name], { execArgv: [], env: {} }),
  spawn: (name) => spawn(execPath, [tell, name], { stdio: 'inherit' }),
  'spawn with a model': (name) => spawn(execPath, [...model, tell, name], { stdio: 'inherit' }),
  'spawn without env': (name) =>
    spawn(execPath, [...model, tell, name], { stdio: 'inherit', env: {} }),
  shell: (name) => spawn('sh', ['-c', `'${execPath}' '${tell}' ${name}`], { stdio: 'inherit' }),
};
(async () => {
  for (const [name, start] of Object.entries(ways)) {
    await new Promise((resolve) => start(name).on('exit', resolve));
  }
})();
