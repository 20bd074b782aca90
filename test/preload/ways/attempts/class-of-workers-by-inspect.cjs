// util.inspect shows the target of a Proxy to functions of the program.
const { inspect } = require('util');
const { Worker } = require('worker_threads');
const [, , how] = process.argv;
const classes = new Set([Worker]);
function note(value) {
  if (typeof value === 'function') classes.add(value);
}
const key = how === 'tag' ? Symbol.toStringTag : inspect.custom;
Object.defineProperty(Function.prototype, key, {
  configurable: true,
  get() {
    note(this);
    return how === 'tag' ? '' : () => '';
  },
});
inspect(Worker, { showProxy: how === 'showProxy' });
delete Function.prototype[key];
for (const Class of classes)
  try {
    const worker = new Class(`${__dirname}/dropped.cjs`, { env: {}, execArgv: [] });
    worker.on('error', console.error);
  } catch (error) {
    console.error(error);
  }
