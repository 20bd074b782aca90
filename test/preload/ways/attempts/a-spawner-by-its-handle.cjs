// The guard of child processes is put in place when the program first asks for the module. A handle
// that is made for that gives its C++ side away.
const [how] = process.argv.slice(2);
let spawn;
let Process;
const take = (handle) => {
  if (handle?.constructor?.name !== 'Process') return;
  spawn ??= Object.getPrototypeOf(handle).spawn;
  Process ??= handle.constructor;
};
const taking = (key) => ({
  configurable: true,
  set(value) {
    take(this);
    take(value);
    Object.defineProperty(this, key, { value, writable: true, configurable: true });
  },
});
const ways = {
  hook() {
    const init = (_id, _type, _trigger, resource) => take(resource);
    require('async_hooks').createHook({ init }).enable();
  },
  setter() {
    Object.defineProperty(Object.prototype, '_handle', taking('_handle'));
  },
  callback() {
    Object.defineProperty(Object.prototype, 'onexit', taking('onexit'));
  },
  init() {
    const events = require('events');
    const { init } = events;
    events.init = function (...args) {
      init.apply(this, args);
      Object.defineProperty(this, '_handle', taking('_handle'));
    };
  },
};
ways[how]();
const { ChildProcess } = require('child_process');
take(new ChildProcess()._handle);
const handle = new Process();
handle.onexit = () => {};
const words = [process.execPath, __dirname + '/dropped.cjs'];
const stdio = [{ type: 'ignore' }, { type: 'fd', fd: 1 }, { type: 'fd', fd: 2 }];
if (process.version < 'v24')
  spawn.call(handle, { file: words[0], args: words, envPairs: [], stdio });
else spawn.call(handle, words[0], words, undefined, [], stdio, 0);
