// Asks for node:child_process while the iterator of arrays, or its step, gives nothing.
const [, , what, how, file] = process.argv;
const prototype = what === 'iterator' ? Array.prototype : Object.getPrototypeOf([].values());
const key = what === 'iterator' ? Symbol.iterator : 'next';
const original = prototype[key];
prototype[key] = () => ({ done: true, next: () => ({ done: true }) });
const children = process.getBuiltinModule('child_process');
prototype[key] = original;

const options = { stdio: 'inherit', env: {} };
const ways = {
  spawnSync: () => children.spawnSync(process.execPath, [file], options),
  execFileSync: () => children.execFileSync(process.execPath, [file], options),
  execSync: () => children.execSync(`'${process.execPath}' '${file}'`, options),
};
ways[how]();
