const { Worker } = require('node:worker_threads');

const attempt = (...args) => {
  try {
    new Worker(...args);
    console.log('made');
  } catch ({ name, code, message }) {
    console.log(...args.map(String), name, code, message);
  }
};

const wrong = [null, undefined, 0, 1, '', 'x', true, false, 1n, Symbol('s'), [], {}];
for (const filename of wrong) {
  attempt(filename);
  for (const options of wrong) attempt(filename, options);
}
for (const options of [{ execArgv: 1 }, { argv: 1 }, { env: 1 }, { env: null }, { eval: 1 }])
  attempt(1, options);
