const { fork, spawn } = require('child_process');
const { Worker, SHARE_ENV, isMainThread } = require('worker_threads');

const audit = 'audit';
const env = { ...process.env, MAYEXEC_STRICT: audit };
const again = [__filename, 'again'];

const ways = {
  'a child': () => spawn(process.execPath, again, { env, stdio: 'inherit' }),
  'a fork of a changed process.env': () => {
    process.env.MAYEXEC_STRICT = audit;
    fork(__filename, ['again']);
  },
  'the program that it becomes': () => process.execve(process.execPath, ['node', ...again], env),
  'a Worker': () => new Worker(__filename, { env }),
  'a Worker of a changed process.env': () => {
    process.env.MAYEXEC_STRICT = audit;
    new Worker(__filename, { env: SHARE_ENV });
  },
};

if (isMainThread && process.argv[2] !== 'again') ways[process.argv[2]]();
else require('vm').runInThisContext("process.getBuiltinModule('fs').writeSync(1, 'RAN\\n')");
