// The first request for the module makes a Worker, to find out its handle.
const events = require('events');
const { init } = events;
const classes = new Set();
events.init = function (...args) {
  const { constructor } = this;
  if (constructor?.name === 'Worker') classes.add(constructor);
  return Reflect.apply(init, this, args);
};
const { Worker } = require('worker_threads');
classes.add(Worker);
for (const Class of classes)
  new Class(`${__dirname}/dropped.cjs`, { env: {}, execArgv: [] }).on('error', console.error);
