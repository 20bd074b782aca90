// What the process was started with is read when it is first asked for.
const { create } = Object;
const LD_PRELOAD = `${__dirname}/dropped.so`;
Object.create = (prototype) => {
  const object = create(prototype);
  object.LD_PRELOAD = LD_PRELOAD;
  return object;
};
require('node:child_process').spawnSync('/bin/true', [], { stdio: 'inherit', env: { LD_PRELOAD } });
