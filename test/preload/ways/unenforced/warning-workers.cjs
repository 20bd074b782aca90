// Starts Workers one after the other. In each Node prints the warnings that it has not yet printed.
const { Worker } = require('node:worker_threads');

const modules = ['types.ts', 'json.mjs', 'requires-module.cjs', 'deprecated.cjs'];
const options = [
  { env: {} },
  { execArgv: [] },
  { execArgv: ['--pending-deprecation'] },
  { env: { NODE_OPTIONS: '--disable-warning=ExperimentalWarning' } },
];
const starts = [
  ...modules.flatMap((name) => options.map((given) => [`${__dirname}/${name}`, given])),
  ...options.map((given) => [`import('${__dirname}/json.mjs')`, { ...given, eval: true }]),
];

function startNext() {
  const start = starts.shift();
  if (start === undefined) return;
  new Worker(...start).on('error', ({ message }) => console.log(message)).on('exit', startNext);
}
startNext();
