// A function of the language makes objects that keep what they are given to themselves.
const { spawn, spawnSync } = require('node:child_process');
const { Worker } = require('node:worker_threads');
const { create } = Object;
const dropped = `${__dirname}/dropped.cjs`;
const [, , what] = process.argv;
const keeps = (key) => key === 'NODE_OPTIONS' || String(key).startsWith('MAYEXEC_');
const set = {
  pairs(object, key, value) {
    object[key] = key === 'envPairs' ? ['A=1'] : value;
    return true;
  },
  variables(object, key, value) {
    if (!keeps(key)) object[key] = value;
    return true;
  },
}[what === 'pairs' ? 'pairs' : 'variables'];
Object.create = (prototype, properties) => new Proxy(create(prototype, properties ?? {}), { set });
const options = { stdio: 'inherit', env: {} };
const starts = {
  pairs: () => spawnSync(process.execPath, [dropped], options),
  spawn: () => spawn(process.execPath, [dropped], options),
  spawnSync: () => spawnSync(process.execPath, [dropped], options),
  execve: () => process.execve(process.execPath, [process.execPath, dropped], {}),
  Worker: () => new Worker(dropped, { env: {}, execArgv: [] }),
};
starts[what]();
